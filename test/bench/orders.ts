/**
 * What the benchmark's processes tell each other. Each server and the load generator is a process of its own; an order
 * is its first argument, as JSON, and the rest goes over Node's channel between parent and child.
 */
import type { SystemName } from "./systems.ts";
import type { SelfTime } from "./time-shares.ts";

export const TICK_RATE = 30;
export const FRAME_RATE = 20;
export const PACKET_RATE = 20;

/** How every measurement of a run is made. */
export type Setting = {
  readonly seconds: number;
  readonly warmUpSeconds: number;
  /** In each player's view: the density. */
  readonly others: number;
  readonly seed: number;
};

/** What a server has to bear. */
export type Load = {
  readonly system: SystemName;
  readonly players: number;
  /** Starwake alone: private rooms that the players are dealt to; 0: one public room for all. */
  readonly rooms: number;
};

/** What a peer's server is to do. */
export type ServerOrder = {
  /** In one world. */
  readonly players: number;
  /** Side of the map in units. */
  readonly mapSize: number;
  readonly seed: number;
  /** For the floor: bytes of frames to draw from. */
  readonly frameSizes: readonly number[];
};

/** What the load generator is to do. */
export type LoadOrder = Load & {
  readonly port: number;
  readonly seed: number;
  /** How many of the players are real clients that decode and check everything. */
  readonly sample: number;
};

/**
 * From the parent: a measurement begins, or ends and its figures are asked for; or, in Starwake's server, samples of what
 * it runs are taken, and asked for.
 */
export type Signal = "begin" | "end" | "sample" | "tell-samples";

export type Spread = { readonly p50: number; readonly p99: number; readonly max: number };

export type ServerFigures = {
  /** Between the two signals as it heard them: a busy server hears them late. */
  readonly seconds: number;
  readonly ticks: number;
  /** Ticks that were left out after an overrun. */
  readonly droppedTicks: number;
  /** How long after its time a tick began. */
  readonly latenessMs: Spread;
  readonly tickMs: Spread;
};

export type ServerMessage =
  | { readonly kind: "listening"; readonly port: number }
  | { readonly kind: "figures"; readonly figures: ServerFigures }
  | { readonly kind: "figures"; readonly figures: readonly SelfTime[] };

/** What the real clients among the players saw. */
export type SampleFigures = {
  readonly clients: number;
  readonly frames: number;
  readonly bytes: number;
  /** Moving entities known in all frames, added up; the own ship is one. */
  readonly entityUpdates: number;
  /** What was wrong, a sentence each. */
  readonly problems: readonly string[];
};

export type LoadFigures = {
  /** Cheap clients, which decode nothing. */
  readonly clients: number;
  readonly frames: number;
  /** Payloads of frames, and of all messages. */
  readonly frameBytes: number;
  readonly bytes: number;
  readonly packets: number;
  /** Connections that were lost. */
  readonly lost: number;
  /** Bytes of some of the frames, taken evenly. */
  readonly frameSizes: readonly number[];
  readonly sample: SampleFigures;
};

export type LoadMessage =
  | { readonly kind: "joining"; readonly joined: number }
  | { readonly kind: "joined" }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "figures"; readonly figures: LoadFigures };
