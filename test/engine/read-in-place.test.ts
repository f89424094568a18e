/** Sockets whose bytes are heard in memory that they share. */
import { once } from "node:events";
import type { Socket } from "node:net";
import { passOn, readInPlace, stopReading } from "@starwake/server/engine/read-in-place.ts";
import { expect, test } from "vitest";
import { socketPair } from "../support/socket-pair.ts";

/** Hears all, and passes on what begins with a dot. */
function listen(near: Socket) {
  const heard: string[] = [];
  const passed: string[] = [];
  near.on("data", (bytes: Buffer) => passed.push(bytes.toString()));
  readInPlace(near, (bytes) => {
    heard.push(bytes.toString());
    if (bytes[0] === ".".charCodeAt(0)) passOn(near, bytes);
  });
  return { heard, passed };
}

async function say(far: Socket, words: string, until: () => boolean): Promise<void> {
  far.write(words);
  await expect.poll(until, { interval: 1 }).toBe(true);
}

test("what comes is heard as it came, by sockets in turn; and goes on only when it is passed on", async () => {
  const [one, other] = [await socketPair(), await socketPair()];
  const [first, second] = [listen(one.near), listen(other.near)];
  for (const words of ["a", ".b", "c".repeat(1_000)]) {
    await say(one.far, words, () => first.heard.at(-1) === words);
    await say(other.far, words.toUpperCase(), () => second.heard.at(-1) === words.toUpperCase());
  }
  expect(first).toEqual({ heard: ["a", ".b", "c".repeat(1_000)], passed: [".b"] });
  expect(second).toEqual({ heard: ["A", ".B", "C".repeat(1_000)], passed: [".B"] });
  expect(one.near.bytesRead).toBe(1_003);
});

test("what is passed on is a copy: it stays as it is when more comes", async () => {
  const { near, far } = await socketPair();
  const kept: Buffer[] = [];
  near.on("data", (bytes: Buffer) => kept.push(bytes));
  readInPlace(near, (bytes) => passOn(near, bytes));
  for (const words of ["one", "two", "six"]) await say(far, words, () => kept.at(-1)?.toString() === words);
  expect(kept.map(String)).toEqual(["one", "two", "six"]);
});

test("a socket is not read while nobody wants more of it; nothing is lost, and little waits", async () => {
  const { near, far } = await socketPair();
  const sent = "0123456789".repeat(200_000);
  let received = "";
  let most = 0;
  readInPlace(near, (bytes) => passOn(near, bytes));
  near.on("data", (bytes: Buffer) => {
    received += bytes;
    near.pause();
    setImmediate(() => {
      most = Math.max(most, near.readableLength);
      near.resume();
    });
  });
  far.end(sent);
  await once(near, "end");
  expect(received).toBe(sent);
  expect(most).toBeGreaterThan(0);
  expect(most).toBeLessThan(sent.length / 4);
});

test("the end and errors come as ever", async () => {
  const [ended, reset] = [await socketPair(), await socketPair()];
  for (const { near } of [ended, reset]) listen(near);
  ended.far.end();
  await once(ended.near, "end");
  reset.far.resetAndDestroy();
  const [error] = await once(reset.near, "error");
  expect(error.code).toBe("ECONNRESET");
});

test("a socket that is destroyed is heard no more, and one that is closed is not listened to", async () => {
  const { near, far } = await socketPair();
  const { heard, passed } = listen(near);
  far.write("a");
  near.destroy();
  passOn(near, Buffer.from("b"));
  await once(near, "close");
  passOn(near, Buffer.from("c"));
  expect([heard, passed]).toEqual([[], []]);
  expect(() => readInPlace(near, () => {})).not.toThrow();
});

test("a socket of another make is a programmer's error", () => {
  expect(() => readInPlace({ _handle: {} } as unknown as Socket, () => {})).toThrow("mend read-in-place.ts");
});

test("a socket that is not to be read any more is not, whoever resumes it", async () => {
  const { near, far } = await socketPair();
  const { heard } = listen(near);
  far.on("error", () => {});
  await say(far, "a", () => heard.length === 1);
  stopReading(near);
  near.resume();
  const flood = Buffer.alloc(1 << 20);
  let written = 0;
  // The peer goes on until the kernel takes no more.
  while (far.write(flood) && written < 64) written++;
  for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
  expect([heard, near.bytesRead < flood.length]).toEqual([["a"], true]);
  const gone = new Promise((resolve) => far.once("close", resolve));
  near.destroy();
  await gone;
  expect(() => stopReading(near)).not.toThrow();
});
