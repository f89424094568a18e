/**
 * One run over one path: namespaces, relay, server and players begin, play, and are gone again.
 *
 * Next: raw-run.ts, what is seen of it; figures.ts, which makes of that what the laboratory tells, too.
 */
import { setTimeout as pause } from "node:timers/promises";
import { endAll } from "./children.ts";
import { monotonicMs } from "./monotonic.ts";
import { connectNamespaces, makeNamespaces, OWN, removeOwnNamespaces } from "./namespaces.ts";
import { Player } from "./player.ts";
import { orderOf, ordersOf } from "./profiles.ts";
import type { Changed, RawRun, RunSetting } from "./raw-run.ts";
import { carriedBetween, Relay } from "./relay.ts";
import { Server } from "./server.ts";

/** As in the laboratory, so that not all come in the same moment. */
const JOIN_SPACING_MS = 50;
const PROGRESS_MS = 1_000;

/** @param passed told of each second that they play */
export function playRun(setting: RunSetting, passed: (seconds: number) => void): Promise<RawRun> {
  return withPath(setting, async (relay, server) => {
    const { players, seconds, seed } = setting;
    const crew = Array.from({ length: players }, (_, index) => new Player(index, seed * 10_007 + index));
    await Promise.all(crew.map((player) => player.loaded()));
    for (const player of crew) {
      player.tell("go");
      await pause(JOIN_SPACING_MS);
    }
    const joinMs = await Promise.all(crew.map((player) => player.joinMs()));
    const [before, startMs] = [await relay.traffic(), monotonicMs()];
    const changes = await letPlay(setting, relay, passed);
    const [after, endMs] = [await relay.traffic(), monotonicMs()];
    passed(seconds);
    const ticks = await server.tickLog();
    const joined = crew.filter((_, index) => joinMs[index] !== undefined);
    for (const player of crew) player.tell("stop");
    const reports = await Promise.all(joined.map((player) => player.report()));
    const carried = { down: carriedBetween(before, after, "down"), up: carriedBetween(before, after, "up") };
    return { setting, joinMs, reports, ticks, changes, ...carried, carriedMs: endMs - startMs, relayLate: after.late };
  });
}

/** With a relay and a server, which are gone afterwards, as are all that came to play. */
export async function withPath<Result>(
  { profile, players, seed, congestion, relay: program }: RunSetting,
  act: (relay: Relay, server: Server) => Promise<Result>,
): Promise<Result> {
  makeNamespaces();
  try {
    const relay = new Relay(program, OWN, seed);
    await relay.ready();
    connectNamespaces(players, congestion);
    relay.say(ordersOf(profile));
    const server = new Server(players, seed);
    await server.listening();
    return await act(relay, server);
  } finally {
    endAll();
    removeOwnNamespaces();
  }
}

/** Lets the time pass, and what changes on the way change. @returns the changes, with their times */
async function letPlay(
  { profile, seconds }: RunSetting,
  relay: Relay,
  passed: (seconds: number) => void,
): Promise<Changed[]> {
  const startMs = monotonicMs();
  const changes: Changed[] = [];
  const due = [...(profile.changes ?? [])];
  for (let passedMs = 0; passedMs < seconds * 1000; passedMs = monotonicMs() - startMs) {
    passed(Math.floor(passedMs / 1000));
    const nextMs = Math.min(passedMs + PROGRESS_MS, seconds * 1000, (due[0]?.atPart ?? 1) * seconds * 1000);
    await pause(Math.max(0, startMs + nextMs - monotonicMs()));
    while (due.length > 0 && monotonicMs() - startMs >= due[0].atPart * seconds * 1000) {
      const change = due.shift()!;
      relay.say([orderOf(change)]);
      changes.push({ change, atMs: monotonicMs() });
    }
  }
  return changes;
}
