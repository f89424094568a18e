import { TokenBucket } from "@starwake/server/engine/token-bucket.ts";
import { expect, test } from "vitest";

const takeAll = (bucket: TokenBucket, nowMs: number) => {
  let taken = 0;
  while (bucket.take(nowMs)) taken++;
  return taken;
};

test("a burst is let through at once, and no more", () => {
  expect(takeAll(new TokenBucket(10, 25, 0), 0)).toBe(25);
});

test("it fills with time, up to the burst", () => {
  const bucket = new TokenBucket(10, 25, 0);
  takeAll(bucket, 0);
  expect(takeAll(bucket, 500)).toBe(5);
  expect(takeAll(bucket, 60_500)).toBe(25);
});

test("parts of a token add up, however often it is asked", () => {
  const bucket = new TokenBucket(10, 1, 0);
  bucket.take(0);
  let taken = 0;
  for (let nowMs = 1; nowMs <= 1000; nowMs++) if (bucket.take(nowMs)) taken++;
  expect(taken).toBe(10);
});

test("what costs more than there is takes nothing", () => {
  const bucket = new TokenBucket(10, 25, 0);
  expect(bucket.take(0, 26)).toBe(false);
  expect(bucket.take(0, 25)).toBe(true);
  expect(bucket.take(0, 1)).toBe(false);
});

test("what is spent without asking is owed, up to a burst", () => {
  const bucket = new TokenBucket(10, 25, 0);
  bucket.spend(0, 30);
  expect([bucket.take(500), bucket.take(600)]).toEqual([false, true]);
  bucket.spend(600, 1_000);
  expect([bucket.take(600 + 2_500), bucket.take(600 + 2_600)]).toEqual([false, true]);
});

test("it is full when as much may be taken at once as from a new one", () => {
  const bucket = new TokenBucket(10, 25, 0);
  expect(bucket.isFull(0)).toBe(true);
  bucket.take(0, 5);
  expect([bucket.isFull(400), bucket.isFull(500)]).toEqual([false, true]);
});
