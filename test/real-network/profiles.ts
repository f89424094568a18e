/**
 * The paths that are measured, and the relay's orders for each. A, B and C are the laboratory's own; the others are what
 * the laboratory's figures are least sure of: little room, bursts of losses, losses in one direction, changes on the way.
 *
 * Next: relay.ts, which hands the orders to relay.c.
 */
import { PROFILES as LABORATORY } from "../lab/profiles.ts";
import type { Network } from "../lab/scenario.ts";

/** One direction. Each packet is lost, and strays, by itself; a burst takes all packets of one player. */
export type Way = {
  readonly delayMs: number;
  readonly jitterMs: number;
  readonly loss: number;
  /** Of each player by itself; no limit unless told. */
  readonly bytesPerSecond?: number;
  /** Times in which nothing gets through: how long they are in the mean, and which part of all time they are. */
  readonly bursts?: { readonly meanMs: number; readonly part: number };
};

/** What happens on the way, at a part of the run's time. */
export type Change =
  | { readonly kind: "step"; readonly atPart: number; readonly rttMs: number }
  | { readonly kind: "outage"; readonly atPart: number; readonly lastsMs: number };

export type Profile = {
  readonly summary: string;
  readonly down: Way;
  readonly up: Way;
  readonly changes?: readonly Change[];
};

/** 64 kbit/s. */
const NARROW_BYTES_PER_SECOND = 8_000;
/** Two seconds of that: what comes when so much waits is lost. */
const QUEUE_BYTES = 16_384;
const BURST_MS = 200;
const OUTAGE_MS = 3_000;

const NEAR = { rttMs: 60, jitterMs: 20, loss: 0 };
const narrow = { bytesPerSecond: NARROW_BYTES_PER_SECOND };

export const PROFILES = {
  A: { summary: "60±20 ms, 1 % lost", ...bothWays(LABORATORY.A) },
  B: { summary: "150±50 ms, none lost", ...bothWays(LABORATORY.B) },
  C: { summary: "150±50 ms, 5 % lost", ...bothWays(LABORATORY.C) },
  narrow: { summary: "150±50 ms, 64 kbit/s", ...bothWays(LABORATORY.B, narrow) },
  "narrow-near": { summary: "60±20 ms, 64 kbit/s", ...bothWays(NEAR, narrow) },
  bursts: {
    summary: "150±50 ms, gone for 200 ms in the mean, 1 % of the time",
    ...bothWays(LABORATORY.B, burst(0.01)),
  },
  "bursts-heavy": {
    summary: "150±50 ms, gone for 200 ms in the mean, 5 % of the time",
    ...bothWays(LABORATORY.B, burst(0.05)),
  },
  upward: { summary: "150±50 ms, 5 % lost on the way up alone", down: way(LABORATORY.B), up: way(LABORATORY.C) },
  downward: { summary: "150±50 ms, 5 % lost on the way down alone", down: way(LABORATORY.C), up: way(LABORATORY.B) },
  step: {
    summary: "60±20 ms, 150±20 ms for the middle third",
    ...bothWays(NEAR),
    changes: [
      { kind: "step", atPart: 1 / 3, rttMs: LABORATORY.B.rttMs },
      { kind: "step", atPart: 2 / 3, rttMs: NEAR.rttMs },
    ],
  },
  outage: {
    summary: "A, gone for 3 s in the middle",
    ...bothWays(LABORATORY.A),
    changes: [{ kind: "outage", atPart: 1 / 2, lastsMs: OUTAGE_MS }],
  },
} as const satisfies Record<string, Profile>;

export type ProfileName = keyof typeof PROFILES;
export const PROFILE_NAMES = Object.keys(PROFILES) as ProfileName[];

/** Each direction is half of the round trip, and strays half as far, as in the laboratory. */
function way({ rttMs, jitterMs, loss }: Network, more: Partial<Way> = {}): Way {
  return { delayMs: rttMs / 2, jitterMs: jitterMs / 2, loss, ...more };
}

function bothWays(network: Network, more: Partial<Way> = {}): { readonly down: Way; readonly up: Way } {
  return { down: way(network, more), up: way(network, more) };
}

function burst(part: number): Partial<Way> {
  return { bursts: { meanMs: BURST_MS, part } };
}

/** What the relay is told before anything else. */
export function ordersOf({ down, up }: Profile): string[] {
  return [`down ${settingsOf(down)}`, `up ${settingsOf(up)}`];
}

/** What the relay is told when the change comes. */
export function orderOf(change: Change): string {
  return change.kind === "step" ? `both delay ${change.rttMs / 2}` : `both out ${change.lastsMs}`;
}

function settingsOf({ delayMs, jitterMs, loss, bytesPerSecond, bursts }: Way): string {
  const settings = [`delay ${delayMs}`, `jitter ${jitterMs}`, `loss ${loss}`];
  if (bytesPerSecond !== undefined) settings.push(`rate ${bytesPerSecond}`, `queue ${QUEUE_BYTES}`);
  if (bursts !== undefined) settings.push(`bad ${bursts.meanMs}`, `good ${calmMs(bursts)}`);
  return settings.join(" ");
}

/** Mean time from one burst to the next, so that bursts are their part of all time. */
function calmMs({ meanMs, part }: { readonly meanMs: number; readonly part: number }): number {
  return Math.round((meanMs * (1 - part)) / part);
}
