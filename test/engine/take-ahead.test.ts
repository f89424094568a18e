import { EventEmitter } from "node:events";
import type { Socket } from "node:net";
import { takeAhead } from "@starwake/server/engine/take-ahead.ts";
import { expect, test } from "vitest";

/** A message of one byte from a client, masked with zeros: it stands as it is. */
const packet = (byte: number) => Buffer.from([0x82, 0x81, 0, 0, 0, 0, byte]);
const text = Buffer.from([0x81, 0x81, 0, 0, 0, 0, 65]);

function open(isTaking = () => true) {
  const [webSocket, stream] = [new EventEmitter(), new EventEmitter()];
  const taken: number[] = [];
  const passed: unknown[] = [];
  const hearBytes = (bytes: Buffer) => void passed.push(bytes);
  webSocket.on("message", (data: Buffer, isBinary: boolean) => void passed.push([data, isBinary]));
  stream.on("data", hearBytes);
  const taker = { takes: (bytes: Uint8Array) => isTaking() && taken.push(...bytes) > 0 };
  const start = () => takeAhead(webSocket, stream as Socket, taker);
  return { webSocket, stream, taken, passed, hearBytes, start };
}

test("packets are taken out of the bytes, and out of what came decoded; all else goes its way", () => {
  const { webSocket, stream, taken, passed, start } = open();
  start();
  stream.emit("data", Buffer.concat([packet(1), text, packet(2)]));
  webSocket.emit("message", Buffer.from([3]), true);
  webSocket.emit("message", Buffer.from("A"), false);
  expect(taken).toEqual([1, 2, 3]);
  expect(passed).toEqual([text, [Buffer.from("A"), false]]);
});

test("what nobody takes goes its way, too", () => {
  const { webSocket, stream, passed, start } = open(() => false);
  start();
  stream.emit("data", packet(1));
  webSocket.emit("message", Buffer.from([3]), true);
  expect(passed).toEqual([packet(1), [Buffer.from([3]), true]]);
});

test("who takes the original listener away hears of nothing more, and nothing more is taken", () => {
  const { stream, taken, passed, hearBytes, start } = open();
  start();
  stream.removeListener("data", hearBytes);
  stream.emit("data", Buffer.concat([packet(1), text]));
  expect([taken, passed]).toEqual([[], []]);
});

test("a second listener is a programmer's error", () => {
  const { stream, start } = open();
  stream.on("data", () => {});
  expect(start).toThrow("mend take-ahead.ts");
});
