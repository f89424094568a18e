import { FloodGuard } from "@starwake/server/engine/flood-guard.ts";
import { expect, test } from "vitest";
import { createHandClock } from "../support/hand-clock.ts";

const PACKET_BYTES = 40;

/** A guard, and what happened to it. */
function guarded() {
  const clock = createHandClock();
  const seen = { refusals: [] as string[], sentAway: 0 };
  const guard = new FloodGuard(clock, (reason) => seen.refusals.push(reason));
  guard.whenFlooding(() => void seen.sentAway++);
  const send = (perSecond: number, seconds: number, bytes = PACKET_BYTES) => {
    let accepted = 0;
    for (let sent = 0; sent < perSecond * seconds; sent++) {
      clock.advance(1000 / perSecond);
      if (guard.accepts(bytes)) accepted++;
    }
    return accepted;
  };
  return { clock, guard, seen, send };
}

test("a client that sends a packet for each of 120 ticks a second is never refused", () => {
  const { send, seen } = guarded();
  expect(send(120, 60)).toBe(7_200);
  expect(seen.refusals).toEqual([]);
});

test("a hundred times the command rate is cut down to the limit, counted, and sent away", () => {
  const { send, seen } = guarded();
  const accepted = send(6_000, 1);
  expect(accepted).toBeLessThanOrEqual(301);
  expect(seen.refusals).toHaveLength(6_000 - accepted);
  expect(new Set(seen.refusals)).toEqual(new Set(["flooding"]));
  expect(seen.sentAway).toBeGreaterThan(0);
});

test("few but long messages are limited too", () => {
  const { send, seen } = guarded();
  const bytes = 16_000;
  expect(send(20, 10, bytes) * bytes).toBeLessThanOrEqual((64 + 10 * 32) * 1024);
  expect(seen.refusals.length).toBeGreaterThan(0);
});

test("a network that holds packets back for 3 s, once a minute for hours, sends nobody away", () => {
  const { clock, guard, seen } = guarded();
  for (let minute = 0; minute < 240; minute++) {
    clock.advance(60_000);
    for (let packet = 0; packet < 3 * 120; packet++) guard.accepts(PACKET_BYTES);
  }
  expect(seen.refusals.length).toBeGreaterThan(1_500);
  expect(seen.sentAway).toBe(0);
});
