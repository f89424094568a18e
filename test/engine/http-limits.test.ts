import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { createHttpLimits } from "@starwake/server/engine/http-limits.ts";
import { describe, expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";

const CLASS = 60;
const PROXY = "192.0.2.1";
/** Of a page: each is asked for by a request of its own. */
const FILES = 10;
const HEAD_BYTES = 1_500;
/** As much as a socket is read at once. */
const PIECE_KB = 64;

function create(maxRequestsPerAddress = 100, maxRequests = 1_500) {
  const clock = createHandClock();
  const refusals: string[] = [];
  const addressOf = ({ socket, headers }: IncomingMessage) =>
    String(headers["x-forwarded-for"] ?? socket.remoteAddress);
  const isProxy = (address: string) => address === PROXY;
  const limits = createHttpLimits(
    { maxRequestsPerAddress, maxRequests },
    { addressOf, isTrustedProxy: isProxy, clock, countRefusal: (reason) => refusals.push(reason) },
  );
  const socketOf = (address?: string) => ({ remoteAddress: address }) as Socket;
  const request = (address: string, from = address) =>
    ({ socket: socketOf(address), headers: { "x-forwarded-for": from } }) as unknown as IncomingMessage;
  return {
    clock,
    limits,
    refusals,
    request,
    read: (address: string | undefined, bytes: number, heads = 1) => limits.mayRead(socketOf(address), bytes, heads),
    ask: (address: string, from = address) => limits.mayAsk(request(address, from), false),
    probe: (address: string) => limits.mayAsk(request(address), true),
  };
}

/** How many pieces of so many bytes are read within a second, one each millisecond or as often as told. */
function readForSeconds(
  { clock, read }: ReturnType<typeof create>,
  addresses: string[],
  bytes: number,
  each: number,
  heads = 0,
) {
  let pieces = 0;
  for (let ms = 0; ms < 1_000; ms++) {
    for (let index = 0; index < each; index++)
      if (read(addresses[(ms * each + index) % addresses.length], bytes, heads)) pieces++;
    clock.advance(1);
  }
  return pieces;
}

const manyAddresses = Array.from({ length: 100 }, (_, index) => `198.51.100.${index}`);

test("a class behind one address opens the page at once", () => {
  const { read, ask } = create();
  for (let request = 0; request < CLASS * FILES; request++) {
    expect(read("203.0.113.5", HEAD_BYTES)).toBe(true);
    expect(ask("203.0.113.5")).toBe(true);
  }
});

test("of one address no more is read than its requests may have, whatever it sends", () => {
  const door = create();
  for (let second = 0; second < 20; second++) readForSeconds(door, ["203.0.113.5"], PIECE_KB * 1024, 10);
  expect(readForSeconds(door, ["203.0.113.5"], PIECE_KB * 1024, 10) * PIECE_KB).toBeLessThanOrEqual(100 * 6 + PIECE_KB);
  expect(door.read("203.0.113.6", HEAD_BYTES)).toBe(true);
});

test("nor of a hundred together than all requests may have, and who comes then is read", () => {
  const door = create();
  for (let second = 0; second < 10; second++) readForSeconds(door, manyAddresses, PIECE_KB * 1024, 10);
  expect(readForSeconds(door, manyAddresses, PIECE_KB * 1024, 10) * PIECE_KB).toBeLessThanOrEqual(1_500 * 6 + PIECE_KB);
  expect(door.read("203.0.113.6", HEAD_BYTES)).toBe(true);
});

test("who sends byte by byte has no more pieces read than it may have requests", () => {
  const door = create();
  for (let second = 0; second < 20; second++) readForSeconds(door, ["203.0.113.5"], 1, 50);
  expect(readForSeconds(door, ["203.0.113.5"], 1, 50)).toBeLessThanOrEqual(100);
});

test("of short requests that come in heaps no more are read than may be asked, but for what one piece has", () => {
  const door = create();
  for (let second = 0; second < 20; second++) readForSeconds(door, ["203.0.113.5"], 20 * 28, 10, 20);
  expect(readForSeconds(door, ["203.0.113.5"], 20 * 28, 10, 20) * 20).toBeLessThanOrEqual(2 * 100);
});

test("requests to upgrade are asked for like all others: by each address, and by all together", () => {
  const { limits, request, ask, refusals } = create(10, 150);
  const upgrade = (address: string) => limits.problemWithUpgrade(request(address));
  for (let asked = 0; asked < 10; asked++) expect(ask("203.0.113.5")).toBe(true);
  for (let asked = 10; asked < 100; asked++) expect(upgrade("203.0.113.5")).toBeUndefined();
  expect([upgrade("203.0.113.5"), ask("203.0.113.5")]).toEqual(["too-often", false]);
  expect(refusals).toEqual(["too-many-requests", "too-many-requests"]);
  const answers = manyAddresses.flatMap((address) => [1, 2, 3, 4].map(() => upgrade(address)));
  expect(new Set(answers)).toEqual(new Set([undefined, "busy"]));
});

test("an address that loads large files is told to wait as one that asks for many, and a class that opens the page is not", () => {
  const { limits, request, clock } = create();
  const load = (address: string, bytes: number) => {
    return limits.mayAsk(request(address), false) && limits.maySend(request(address), bytes);
  };
  for (let visitor = 0; visitor < CLASS; visitor++) {
    expect(load("203.0.113.5", 400_000)).toBe(true);
    for (let file = 1; file < FILES; file++) expect(load("203.0.113.5", 20_000)).toBe(true);
  }
  const large = 1_400_000;
  for (let asked = 0; asked < 2_000; asked++) load("203.0.113.6", large);
  let bytes = 0;
  for (let asked = 0; asked < 1_000; asked++) {
    if (load("203.0.113.6", large)) bytes += large;
    clock.advance(10);
  }
  expect(bytes).toBeLessThanOrEqual(10 * 100 * 128 * 1024);
});

describe("an address that asks for hundreds of large files at once", () => {
  const LARGE_BYTES = 11_000_000;
  /** All ask before the first is sent. @returns the bytes that are sent */
  const loadAtOnce = ({ ask, limits, request }: ReturnType<typeof create>, address: string, files: number) => {
    const asked = Array.from({ length: files }, () => request(address)).filter(() => ask(address));
    return asked.filter((one) => limits.maySend(one, LARGE_BYTES)).length * LARGE_BYTES;
  };

  test("is sent what may be sent at once and the rest of one file, and waits until that is paid for", () => {
    const door = create();
    const most = 10 * 100 * 128 * 1024 + LARGE_BYTES;
    expect(loadAtOnce(door, "203.0.113.5", 320)).toBeLessThanOrEqual(most);
    expect(door.ask("203.0.113.5")).toBe(false);
    door.clock.advance(1_000);
    expect(door.ask("203.0.113.5")).toBe(true);
  });

  test("makes nobody else wait; a hundred such together, who were all new, for as long as one file is paid for", () => {
    const door = create();
    loadAtOnce(door, "198.51.100.200", 50);
    expect(door.limits.maySend(door.request("203.0.113.6"), LARGE_BYTES)).toBe(true);
    for (const address of manyAddresses) loadAtOnce(door, address, 50);
    const allPerMs = (1_500 * 128 * 1024) / 1_000;
    door.clock.advance(Math.ceil(LARGE_BYTES / allPerMs));
    expect(door.limits.maySend(door.request("203.0.113.8"), LARGE_BYTES)).toBe(true);
    door.clock.advance(100);
    expect(door.ask("203.0.113.7")).toBe(true);
  });
});

test("what places are taken to send files by one address, whoever it asks by, are nobody else's", () => {
  const { limits, request } = create();
  const begun: string[] = [];
  const askFor = (address: string) => {
    const response = new EventEmitter() as ServerResponse;
    limits.awaitPlace(request(PROXY, address), response, () => begun.push(address));
  };
  for (let asked = 0; asked < 100; asked++) askFor("203.0.113.5");
  askFor("203.0.113.6");
  expect([begun.length, begun.at(-1)]).toEqual([64 + 1, "203.0.113.6"]);
});

test("who asks how the server is has an answer whatever others ask for, but not more often than it may ask", () => {
  const door = create(100, 10);
  for (const address of manyAddresses) for (let asked = 0; asked < 5; asked++) door.ask(address);
  expect(door.ask("203.0.113.6")).toBe(false);
  const answered = Array.from({ length: 2_000 }, () => door.probe("203.0.113.7")).filter(Boolean).length;
  expect(answered).toBe(10 * 100);
});

test("what a trusted proxy sends is read, and its requests count for whom it asks", () => {
  const door = create(1, 1_500);
  expect(readForSeconds(door, [PROXY], PIECE_KB * 1024, 1)).toBe(1_000);
  for (let request = 0; request < 10; request++) expect(door.ask(PROXY, "203.0.113.5")).toBe(true);
  expect(door.refusals).toEqual([]);
  expect(door.ask(PROXY, "203.0.113.5")).toBe(false);
  expect(door.refusals).toEqual(["too-many-requests"]);
  expect(door.ask(PROXY, "203.0.113.6")).toBe(true);
});

test("a socket that was reset already is not read", () => {
  expect(create().read(undefined, 1)).toBe(false);
});

test("lifted limits have no end", () => {
  const door = create(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  expect(readForSeconds(door, ["203.0.113.5"], PIECE_KB * 1024, 10)).toBe(10_000);
});
