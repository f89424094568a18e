/** Even messages over the lanes of one player, and how late they came: what a measurement on a real network notes, too. */
import { createRandom } from "@starwake/shared/engine/random.ts";
import { createHandClock } from "../support/hand-clock.ts";
import { createConnection } from "./network/ordered-lane.ts";
import { createRoute } from "./network/path.ts";
import type { Network } from "./scenario.ts";

const MESSAGES_PER_SECOND = 30;
const [DOWN_BYTES, UP_BYTES] = [300, 30];
const SETTLES_MS = 3_000;
const DRAINS_MS = 20_000;

export type Arrival = { readonly sentMs: number; readonly atMs: number };

export type LaneTrial = {
  /** What each lane brought, in order. */
  readonly lanes: readonly (readonly Arrival[])[];
  /** The first copy of each message, in the order in which they were sent. */
  readonly first: readonly Arrival[];
  readonly segments: number;
  readonly resends: number;
};

export function tryLanes(network: Network, options: { seed: number; lanes: number; seconds: number }): LaneTrial {
  const clock = createHandClock();
  const route = createRoute(clock, network, createRandom(options.seed, 11));
  const connections = Array.from({ length: options.lanes }, () => createConnection(clock, route));
  const lanes: Arrival[][] = connections.map(() => []);
  const first: Arrival[] = [];
  for (let message = 0; message < options.seconds * MESSAGES_PER_SECOND; message++) {
    const sentMs = clock.now();
    let isFirst = true;
    connections.forEach(({ up, down }, lane) => {
      up.send(UP_BYTES, () => {});
      down.send(DOWN_BYTES, () => {
        const arrival = { sentMs, atMs: clock.now() };
        if (sentMs < SETTLES_MS) return;
        lanes[lane].push(arrival);
        if (isFirst) first.push(arrival);
        isFirst = false;
      });
    });
    clock.advance(1000 / MESSAGES_PER_SECOND);
  }
  clock.advance(DRAINS_MS);
  const sum = (of: "segments" | "resends") => connections.reduce((total, { down }) => total + down.figures[of], 0);
  return { lanes, first, segments: sum("segments"), resends: sum("resends") };
}

/** What so many of the messages, from 0 to 1, were no older than. */
export function ageAt(part: number, arrivals: readonly Arrival[]): number {
  const ages = arrivals.map(({ sentMs, atMs }) => atMs - sentMs).sort((one, other) => one - other);
  return ages[Math.min(ages.length - 1, Math.floor(part * ages.length))];
}

/** Part of the time without newer state when everything is shown `delayMs` after it was sent. */
export function staleTime(arrivals: readonly Arrival[], delayMs: number): number {
  let staleMs = 0;
  for (let index = 1; index < arrivals.length; index++) {
    const before = arrivals[index - 1];
    staleMs += Math.max(0, arrivals[index].atMs - Math.max(before.sentMs + delayMs, before.atMs));
  }
  return staleMs / (arrivals.at(-1)!.sentMs - arrivals[0].sentMs);
}
