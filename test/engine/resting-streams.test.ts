/** Whoever asks more than there is time for is not heard for a while; nothing of what they say is lost. */
import type { Socket } from "node:net";
import { readInPlace, stopReading } from "@starwake/server/engine/read-in-place.ts";
import { RestingStreams } from "@starwake/server/engine/resting-streams.ts";
import { expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";
import { socketPair } from "../support/socket-pair.ts";

const PATIENCE = { interval: 1 };

async function open() {
  const { near, far } = await socketPair();
  let heard = "";
  let reads = 0;
  readInPlace(near, (bytes) => {
    heard += bytes;
    reads++;
  });
  return { near, far, heard: () => heard, reads: () => reads };
}

/** Has everything that has been written by now come to the near end's kernel, and Node's loop come round to it. */
async function arrive(far: Socket): Promise<void> {
  const other = await open();
  await new Promise((resolve) => far.write("", resolve));
  other.far.write("x");
  await expect.poll(other.heard, PATIENCE).toBe("x");
}

test("a resting stream is heard again half a second later, and all that came meanwhile at once", async () => {
  const clock = createHandClock();
  const resting = new RestingStreams(clock);
  const { near, far, heard, reads } = await open();
  resting.rest(near);
  for (const word of ["a", "b", "c"]) {
    far.write(word);
    await arrive(far);
  }
  clock.advance(499);
  await arrive(far);
  expect(heard()).toBe("");
  clock.advance(1);
  await expect.poll(heard, PATIENCE).toBe("abc");
  expect(reads()).toBe(1);
  far.write("d");
  await expect.poll(heard, PATIENCE).toBe("abcd");
});

test("who is to rest already does not rest for longer, and each rests for as long", async () => {
  const clock = createHandClock();
  const resting = new RestingStreams(clock);
  const [one, other] = [await open(), await open()];
  resting.rest(one.near);
  clock.advance(300);
  resting.rest(one.near);
  resting.rest(other.near);
  for (const { far } of [one, other]) far.write("a");
  clock.advance(200);
  await expect.poll(one.heard, PATIENCE).toBe("a");
  await arrive(other.far);
  expect(other.heard()).toBe("");
  clock.advance(300);
  await expect.poll(other.heard, PATIENCE).toBe("a");
  expect(clock.nextDueMs()).toBeUndefined();
});

test("those who began to rest within a moment are heard again together, by one alarm", async () => {
  const clock = createHandClock();
  const resting = new RestingStreams(clock);
  const streams = [await open(), await open(), await open()];
  for (const { near, far } of streams) {
    resting.rest(near);
    far.write("a");
    clock.advance(4);
  }
  clock.advance(488);
  for (const { heard } of streams) await expect.poll(heard, PATIENCE).toBe("a");
  expect(clock.nextDueMs()).toBeUndefined();
});

test("there is one alarm, however often all who rest are forgotten", async () => {
  const clock = createHandClock();
  const alarms: number[] = [];
  const after = (delayMs: number, ring: () => void) => {
    alarms.push(delayMs);
    return clock.after(delayMs, ring);
  };
  const resting = new RestingStreams({ now: clock.now, after });
  const { near, far, heard } = await open();
  for (let times = 0; times < 10; times++) {
    resting.rest(near);
    resting.forget(near);
  }
  resting.rest(near);
  expect(alarms).toEqual([500]);
  far.write("a");
  clock.advance(500);
  await expect.poll(heard, PATIENCE).toBe("a");
  expect(clock.nextDueMs()).toBeUndefined();
});

test("who is forgotten, or closed, is not heard again, and the others are", async () => {
  const clock = createHandClock();
  const resting = new RestingStreams(clock);
  const [forgotten, closed, other] = [await open(), await open(), await open()];
  for (const { near, far } of [forgotten, closed, other]) {
    far.on("error", () => {});
    resting.rest(near);
    far.write("a");
  }
  resting.forget(forgotten.near);
  stopReading(forgotten.near);
  closed.near.destroy();
  clock.advance(500);
  await expect.poll(other.heard, PATIENCE).toBe("a");
  expect([forgotten.heard(), closed.heard()]).toEqual(["", ""]);
  forgotten.near.destroy();
});
