import { EventEmitter } from "node:events";
import { takeAhead } from "@starwake/server/engine/take-ahead.ts";
import { expect, test } from "vitest";
import { socketPair } from "../support/socket-pair.ts";

/** A message of one byte from a client, masked with zeros: it stands as it is. */
const packet = (byte: number) => Buffer.from([0x82, 0x81, 0, 0, 0, 0, byte]);
const text = (byte: number) => Buffer.from([0x81, 0x81, 0, 0, 0, 0, byte]);
const ping = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);

async function open(isTaking = () => true) {
  const webSocket = new EventEmitter();
  const { near, far } = await socketPair();
  const taken: number[] = [];
  const passed: unknown[] = [];
  const hearMessage = (data: Buffer, isBinary: boolean) =>
    void passed.push([isBinary ? data : data.toString(), isBinary]);
  webSocket.on("message", hearMessage);
  near.on("data", (bytes: Buffer) => void passed.push(bytes));
  const failures: unknown[] = [];
  const closings: boolean[] = [];
  const taker = {
    admits: () => true,
    crumbled: () => {},
    takes: (bytes: Uint8Array, isBinary: boolean) => isBinary && isTaking() && taken.push(...bytes) > 0,
    failed: (error: unknown) => void failures.push(error),
    paused: (isClosing: boolean) => void closings.push(isClosing),
  };
  /** How many packets had been taken each time when it was said that all that had come is taken. */
  const pauses: number[] = [];
  const start = () => takeAhead(webSocket, near, taker, () => void pauses.push(taken.length));
  return { webSocket, far, taken, passed, pauses, failures, closings, hearMessage, start };
}

test("packets are taken out of the bytes, and out of what came decoded; all else goes its way, in order", async () => {
  const { webSocket, far, taken, passed, pauses, start } = await open();
  start();
  far.write(Buffer.concat([packet(1), text(65), ping, text(66), packet(2)]));
  await expect.poll(() => pauses, { interval: 1 }).toEqual([2]);
  webSocket.emit("message", Buffer.from([3]), true);
  webSocket.emit("message", Buffer.from("C"), false);
  expect(taken).toEqual([1, 2, 3]);
  expect(passed).toEqual([["A", false], ping, ["B", false], ["C", false]]);
});

test("a text that is no UTF-8 goes to ws, to be complained of", async () => {
  const { far, passed, start } = await open();
  start();
  far.write(text(0xff));
  await expect.poll(() => passed, { interval: 1 }).toEqual([text(0xff)]);
});

test("what nobody takes goes its way, too", async () => {
  const { webSocket, far, passed, start } = await open(() => false);
  start();
  far.write(packet(1));
  await expect.poll(() => passed.length, { interval: 1 }).toBe(1);
  webSocket.emit("message", Buffer.from([3]), true);
  expect(passed).toEqual([packet(1), [Buffer.from([3]), true]]);
});

test("who takes the original listener away hears of nothing more, and nothing more is taken", async () => {
  const { webSocket, taken, passed, hearMessage, start } = await open();
  start();
  webSocket.removeListener("message", hearMessage);
  webSocket.emit("message", Buffer.from([3]), true);
  expect([taken, passed]).toEqual([[], []]);
});

test("a second listener is a programmer's error", async () => {
  const { webSocket, start } = await open();
  webSocket.on("message", () => {});
  expect(start).toThrow("mend take-ahead.ts");
});

test("the closing frame is told of when all of it has gone its way", async () => {
  const { far, passed, closings, start } = await open();
  start();
  const close = Buffer.from([0x88, 0x82, 0, 0, 0, 0, 3, 0xe8]);
  far.write(close.subarray(0, 7));
  await expect.poll(() => closings, { interval: 1 }).toEqual([false]);
  far.write(close.subarray(7));
  await expect.poll(() => closings, { interval: 1 }).toEqual([false, true]);
  expect(Buffer.concat(passed as Buffer[])).toEqual(close);
});

test("what a taker throws is told to it, and the next packets are read", async () => {
  let isBroken = true;
  const { far, taken, failures, pauses, start } = await open(() => {
    if (isBroken) throw new Error("broken");
    return true;
  });
  start();
  far.write(packet(1));
  await expect.poll(() => failures, { interval: 1 }).toEqual([new Error("broken")]);
  isBroken = false;
  far.write(packet(2));
  await expect.poll(() => taken, { interval: 1 }).toEqual([2]);
  expect(pauses).toHaveLength(2);
});
