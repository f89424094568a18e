/** What the relay is told for each profile. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PROFILES as LABORATORY } from "../lab/profiles.ts";
import { orderOf, ordersOf, PROFILES, type Profile } from "./profiles.ts";

const ORDERS: Readonly<Record<string, readonly [down: string, up: string]>> = {
  A: same("delay 30 jitter 10 loss 0.01"),
  B: same("delay 75 jitter 25 loss 0"),
  C: same("delay 75 jitter 25 loss 0.05"),
  narrow: same("delay 75 jitter 25 loss 0 rate 8000 queue 16384"),
  "narrow-near": same("delay 30 jitter 10 loss 0 rate 8000 queue 16384"),
  bursts: same("delay 75 jitter 25 loss 0 bad 200 good 19800"),
  "bursts-heavy": same("delay 75 jitter 25 loss 0 bad 200 good 3800"),
  upward: ["down delay 75 jitter 25 loss 0", "up delay 75 jitter 25 loss 0.05"],
  downward: ["down delay 75 jitter 25 loss 0.05", "up delay 75 jitter 25 loss 0"],
  step: same("delay 30 jitter 10 loss 0"),
  outage: same("delay 30 jitter 10 loss 0.01"),
};

function same(settings: string): readonly [string, string] {
  return [`down ${settings}`, `up ${settings}`];
}

test.for(Object.entries(PROFILES))("%s is told to the relay", ([name, profile]) => {
  expect(ordersOf(profile)).toEqual(ORDERS[name]);
});

test("every profile has its orders here, and none is here that is gone", () => {
  expect(Object.keys(ORDERS)).toEqual(Object.keys(PROFILES));
});

test("a round trip that grows, and an outage, are told in both directions", () => {
  expect(PROFILES.step.changes.map(orderOf)).toEqual(["both delay 75", "both delay 30"]);
  expect(PROFILES.outage.changes.map(orderOf)).toEqual(["both out 3000"]);
});

test("the relay knows every word that it is told", () => {
  const relay = readFileSync(new URL("relay.c", import.meta.url), "utf8");
  const profiles: Profile[] = Object.values(PROFILES);
  const orders = profiles.flatMap((profile) => [...ordersOf(profile), ...(profile.changes ?? []).map(orderOf)]);
  const keys = new Set(orders.flatMap((order) => order.match(/[a-z]+(?= [\d.]+)/g) ?? []));
  expect(keys.size).toBeGreaterThan(7);
  for (const key of keys) expect(relay).toContain(`strcmp(key, "${key}")`);
});

test("A, B and C are the laboratory's: both directions together make its round trip", () => {
  for (const name of ["A", "B", "C"] as const) {
    const { down, up } = PROFILES[name];
    const { rttMs, jitterMs, loss } = LABORATORY[name];
    expect([down.delayMs + up.delayMs, down.jitterMs + up.jitterMs]).toEqual([rttMs, jitterMs]);
    expect([down.loss, up.loss]).toEqual([loss, loss]);
  }
});
