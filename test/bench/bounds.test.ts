/** What the benchmark's marks say of bytes and memory, where no time is in it; smaller than in the benchmark. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { ChunkWriter } from "@starwake/shared/engine/chunk-writer.ts";
import { MOST_PLAYERS_SEEN_EXACTLY } from "@starwake/shared/game/sight.ts";
import { expect, test, vi } from "vitest";
import { Crowd } from "./crowd.ts";
import { sideForOthers } from "./density.ts";
import { FRAME_RATE, TICK_RATE } from "./orders.ts";
import { runCrowd } from "./trials/crowd.ts";
import { accountWire, USUAL_BRAWL } from "./wire-account.ts";

const OTHERS_IN_VIEW = 40;

const sideFor = (players: number) => sideForOthers(players, OTHERS_IN_VIEW);

function crowdOf(players: number): Crowd {
  return new Crowd({ players, seed: 1, mapSize: sideFor(players), tickRate: TICK_RATE, frameRate: FRAME_RATE });
}

test("in a battle a moving entity that is known costs at most two bytes a frame", () => {
  const players = MOST_PLAYERS_SEEN_EXACTLY + 20;
  const brawl = { ...USUAL_BRAWL, players, mapSize: sideFor(players), readers: 4, seconds: 3 };
  expect(accountWire(brawl).bytesPerEntity).toBeLessThanOrEqual(2);
});

test("in a smaller room a frame takes no more than 60 bytes at the same density: less than half as many are known", () => {
  const brawl = { ...USUAL_BRAWL, players: 100, mapSize: sideFor(100), readers: 4, seconds: 3 };
  const { bytesPerFrame, entitiesPerFrame } = accountWire(brawl);
  expect(bytesPerFrame).toBeLessThanOrEqual(60);
  expect(entitiesPerFrame).toBeLessThan(20);
});

test("who sees 40 others is sent at most 2.5 KB/s of frames", () => {
  const crowd = crowdOf(120);
  crowd.run(3 * TICK_RATE);
  const [frames, bytes] = [crowd.frames, crowd.frameBytes];
  crowd.run(3 * TICK_RATE);
  const bytesPerFrame = (crowd.frameBytes - bytes) / (crowd.frames - frames);
  expect(bytesPerFrame * FRAME_RATE).toBeLessThanOrEqual(2_500);
});

test("neighbours share chunks: a tick encodes no more than 1.1 for each frame that it sends", () => {
  const crowd = crowdOf(400);
  crowd.run(2 * TICK_RATE);
  const { frames } = crowd;
  const write = vi.spyOn(ChunkWriter.prototype, "write");
  crowd.run(2 * TICK_RATE);
  const chunks = write.mock.calls.length;
  write.mockRestore();
  expect(chunks).toBeGreaterThan(0);
  expect(chunks / (crowd.frames - frames)).toBeLessThanOrEqual(1.1);
});

test("400 in one view: who sees them is sent no more than the budget, and is left with nobody older than half a second", () => {
  const { bytesPerSecond, budgetBytesPerSecond, nearestBrought, oldestMs } = runCrowd({ seed: 1 }, 16, 120);
  expect(bytesPerSecond.most).toBeLessThanOrEqual(budgetBytesPerSecond);
  expect(nearestBrought).toBe(1);
  expect(oldestMs).toBeLessThanOrEqual(500);
});

/** What is in use when nothing more can be collected: one collection leaves up to a megabyte for the next. */
function bytesLeft(collect: () => void): number {
  let left = Number.POSITIVE_INFINITY;
  for (;;) {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    if (heapUsed + arrayBuffers >= left) return left;
    left = heapUsed + arrayBuffers;
  }
}

test("a player more costs a room at most 24 KB, sockets aside", () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const bytesWith = (players: number) => {
    const crowd = crowdOf(players);
    crowd.run(2 * TICK_RATE);
    return { bytes: bytesLeft(collect), crowd };
  };
  const few = bytesWith(50);
  const many = bytesWith(350);
  // Both rooms are still there when the second is measured.
  expect(few.crowd.frames).toBeGreaterThan(0);
  const bytesPerPlayer = (many.bytes - few.bytes) / 350;
  expect(bytesPerPlayer).toBeLessThanOrEqual(24 * 1024);
  expect(bytesPerPlayer).toBeGreaterThan(1024);
});
