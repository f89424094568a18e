/** One player of the load generator, whichever system they play on. */
import type { LoadOrder } from "./orders.ts";
import type { SampleWatch } from "./sample-watch.ts";
import type { Traffic } from "./traffic.ts";

export type PlayerClient = {
  /** Sends what the player has done since the last packet; called 20 times a second. */
  sendPacket(nowMs: number): void;
  close(): void;
};

/** How players come into a system. Each resolves when the player is in; `place` counts them from 0. */
export type Entrance = {
  /** A cheap one: decodes nothing, answers what the protocol asks for. */
  openCheap(order: LoadOrder, place: number, traffic: Traffic): Promise<PlayerClient>;
  /** A real one, by the system's own client library; undefined where there is none. */
  readonly openSample: ((order: LoadOrder, place: number, watch: SampleWatch) => Promise<PlayerClient>) | undefined;
};
