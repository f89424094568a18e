import { FloodGuard } from "@starwake/server/engine/flood-guard.ts";
import { describe, expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";

const PACKET_BYTES = 40;

/** The guard of a peer that has a seat or not, and what happened to it. */
function guarded(isSeated = true) {
  const clock = createHandClock();
  const seen = { refusals: [] as string[], sentAway: 0 };
  const guard = new FloodGuard(
    clock,
    (reason) => seen.refusals.push(reason),
    () => void seen.sentAway++,
  );
  guard.setSeated(isSeated);
  const send = (perSecond: number, seconds: number, bytes = PACKET_BYTES, isPacket = true) => {
    let accepted = 0;
    for (let sent = 0; sent < perSecond * seconds; sent++) {
      clock.advance(1000 / perSecond);
      if (guard.accepts(bytes, isPacket)) accepted++;
    }
    return accepted;
  };
  return { clock, guard, seen, send };
}

test("a client that sends a packet for each of 89 ticks a second is never refused: at more, one has two ticks' commands", () => {
  const { send, seen } = guarded();
  expect(send(89, 600)).toBe(53_400);
  expect(seen.refusals).toEqual([]);
});

test("a hundred times the command rate is cut down to the limit, counted, and sent away", () => {
  const { send, seen } = guarded();
  const accepted = send(6_000, 1);
  expect(accepted).toBeLessThanOrEqual(600 + 100 + 8);
  expect(seen.refusals).toHaveLength(6_000 - accepted);
  expect(new Set(seen.refusals)).toEqual(new Set(["flooding"]));
  expect(seen.sentAway).toBeGreaterThan(0);
});

test("questions are answered ten a second, and whoever asks as often as others send packets is sent away", () => {
  const { send, seen } = guarded();
  expect(send(140, 10, PACKET_BYTES, false)).toBeLessThanOrEqual(60 + 10 * 10 + 8);
  expect(seen.sentAway).toBe(0);
  send(140, 10, PACKET_BYTES, false);
  expect(seen.sentAway).toBeGreaterThan(0);
});

test("a client that asks five times a second beside its packets is never refused", () => {
  const { clock, guard, seen } = guarded();
  for (let packet = 0; packet < 90 * 60; packet++) {
    guard.accepts(PACKET_BYTES, true);
    if (packet % 18 === 0) guard.accepts(PACKET_BYTES, false);
    clock.advance(1000 / 90);
  }
  expect(seen.refusals).toEqual([]);
});

test("few but long messages are limited too", () => {
  const { send, seen } = guarded();
  const bytes = 16_000;
  expect(send(20, 10, bytes) * bytes).toBeLessThanOrEqual((64 + 10 * 32) * 1024);
  expect(seen.refusals.length).toBeGreaterThan(0);
});

test.for([true, false])(
  "long messages that are dropped exhaust the patience by their bytes (seated: %s)",
  (isSeated) => {
    const { guard, seen } = guarded(isSeated);
    const bytes = 16_000;
    let sent = 0;
    while (seen.sentAway === 0) {
      guard.accepts(bytes, true);
      sent++;
    }
    expect(sent * bytes).toBeLessThanOrEqual((isSeated ? 64 + 1_500 / 2 : 48 + 100 / 2) * 1024 + 2 * bytes);
  },
);

test("what a network, or a server that stood still, held back for 3 s is no flood", () => {
  const { clock, guard, seen } = guarded();
  for (let minute = 0; minute < 240; minute++) {
    clock.advance(60_000);
    for (let packet = 0; packet < 3 * 120; packet++) guard.accepts(PACKET_BYTES, true);
  }
  expect(seen).toEqual({ refusals: [], sentAway: 0 });
});

test("one that is held back for 8 s once a minute for hours loses packets, and is not sent away", () => {
  const { clock, guard, seen } = guarded();
  for (let minute = 0; minute < 240; minute++) {
    clock.advance(60_000);
    for (let packet = 0; packet < 8 * 120; packet++) guard.accepts(PACKET_BYTES, true);
  }
  expect(seen.refusals.length).toBeGreaterThan(1_500);
  expect(seen.sentAway).toBe(0);
});

describe("without a seat", () => {
  test("there is enough for a hello, for asking and for heartbeats, and little more", () => {
    const { send, seen } = guarded(false);
    expect(send(5, 120)).toBe(600);
    expect(seen.refusals).toEqual([]);
    const accepted = send(1_000, 1);
    expect(accepted).toBeLessThanOrEqual(40 + 10 + 8);
    expect(seen.sentAway).toBeGreaterThan(0);
  });

  test("a seat that is taken again and again brings no new allowance", () => {
    const { guard, seen } = guarded();
    let accepted = 0;
    for (let frame = 0; frame < 4_000; frame++) {
      if (frame % 100 === 0) guard.setSeated(frame % 200 === 0);
      if (guard.accepts(PACKET_BYTES, true)) accepted++;
    }
    expect(accepted).toBeLessThanOrEqual(600 + 40 + 16);
    expect(seen.sentAway).toBeGreaterThan(0);
  });
});
