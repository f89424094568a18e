/**
 * Where a server's processor time goes, and whose it is: V8's own samples for what runs in JavaScript, the operating
 * system's account for the kernel, and what neither names is Node and V8 in C++.
 */
import type { CpuTime } from "./process-accounts.ts";

/** What one function took by itself; `url` as V8 has it, "" for what is no JavaScript. */
export type SelfTime = { readonly url: string; readonly name: string; readonly ms: number };

/** A share of one core, and the functions that took most of it. */
export type TimeShare = {
  readonly whose: string;
  readonly share: number;
  readonly most: readonly { readonly name: string; readonly share: number }[];
};

const COLLECTOR = "(garbage collector)";
const MOST_NAMED = 4;

/** By the first pattern that a function's file matches. */
const OWNERS: readonly (readonly [whose: string, file: RegExp])[] = [
  ["the game's step", /\/(shared|server)\/game\//],
  [
    "records and replication",
    /\/server\/engine\/(replicator|frame-|tick-chunks|tick-sketches|offers|interest|history)/,
  ],
  [
    "the charge at the door: frames, bytes, what waits",
    /\/server\/engine\/(wire-|flood-guard|fair-limit|token-bucket|group-|connection-limits|socket-limit|upgrade-gate)/,
  ],
  [
    "sessions, commands, transport",
    /\/server\/(engine\/|main)|\/shared\/engine\/(command-packet|protocol|wire-parser)/,
  ],
  ["records and replication", /\/shared\/engine\//],
  ["ws, engine.io and socket.io", /\/node_modules\//],
  ["Node's streams and timers, in JavaScript", /^node:/],
  ["the measurement itself", /\/test\/bench\//],
];
const COLLECTION = "collection of garbage";
const KERNEL = "the kernel: sockets, mostly";
const NATIVE = "Node and V8, in C++";

/** @param seconds over which the samples were taken; `cpu`: shares of one core in that time */
export function timeSharesOf(times: readonly SelfTime[], seconds: number, cpu: CpuTime): TimeShare[] {
  const byOwner = Map.groupBy(times, ownerOf);
  byOwner.delete(undefined);
  const shareOf = (ms: number) => ms / 1000 / seconds;
  const sampled = [...byOwner].map(([whose, own]) => ({
    whose: whose!,
    share: shareOf(own.reduce((sum, { ms }) => sum + ms, 0)),
    most: own
      .toSorted((one, other) => other.ms - one.ms)
      .slice(0, MOST_NAMED)
      .map(({ name, ms }) => ({ name, share: shareOf(ms) })),
  }));
  const known = sampled.reduce((sum, { share }) => sum + share, cpu.system);
  const others = [
    { whose: KERNEL, share: cpu.system, most: [] },
    { whose: NATIVE, share: Math.max(0, cpu.user + cpu.system - known), most: [] },
  ];
  return [...sampled, ...others].sort((one, other) => other.share - one.share);
}

/** Undefined: idle, or not JavaScript. */
function ownerOf({ url, name }: SelfTime): string | undefined {
  return name === COLLECTOR ? COLLECTION : OWNERS.find(([, file]) => file.test(url))?.[0];
}
