/**
 * The netcode's marks, in the laboratory: a fight of 20 over each of the networks that they are stated for, and what goes
 * wrong on networks. The sweep is smaller here than the README's; the same seeds give the same figures every time.
 */
import { SHIP } from "@starwake/shared/game/ships.ts";
import { beforeAll, describe, expect, test } from "vitest";
import type { Violation } from "./invariants/violation.ts";
import { type LabOptions, Laboratory, type LabResult } from "./laboratory.ts";
import { type MeasureName, Samples, type Summary } from "./measures.ts";
import { PROFILES } from "./profiles.ts";
import { SCENARIOS } from "./scenarios.ts";

const SEED = 1;
const RADIUS = SHIP.radiusUnits;

async function play(name: string, options: Partial<LabOptions> = {}): Promise<LabResult> {
  return new Laboratory({ scenario: SCENARIOS[name], seed: SEED, ...options }).run();
}

function figure({ samples }: Pick<LabResult, "samples">, name: MeasureName, summary: Summary): number {
  const figures = samples.figures(name);
  if (figures === undefined) throw new Error(`${name} was not measured`);
  return figures[summary];
}

type Mark = readonly [name: MeasureName, summary: Summary, relation: "<=" | ">=", limit: number];

/** What holds on all of the networks. */
const EVERYWHERE: readonly Mark[] = [
  ["inputFrames", "max", "<=", 1],
  ["skippedTicks", "max", "<=", 0],
  ["mispredictedTicks", "mean", "<=", 0.02],
  ["othersErrorUnits", "p95", "<=", 0.1 * RADIUS],
  ["othersErrorUnits", "p99", "<=", 0.5 * RADIUS],
  ["othersJumpUnits", "max", "<=", RADIUS],
  ["slew", "max", "<=", 0.1],
  // Four round trips; who loses a SYN on the way waits a second more, or three.
  ["joinMs", "mean", "<=", 1000],
  ["joinMs", "max", "<=", 4500],
  ["joinBytes", "max", "<=", 64 << 10],
  // Two a frame while a correction is eased, and what a slewed clock adds.
  ["ownJumpUnits", "max", "<=", 2.5],
  // At two units a frame, a correction of more than 24 units takes longer: few are as large.
  ["settleMs", "mean", "<=", 100],
  ["shotsMatched", "mean", ">=", 0.995],
  ["shotHandOverUnits", "p99", "<=", 0.1 * RADIUS],
];

const NEARLY_EXACT: Mark = ["ownErrorUnits", "p99", "<=", 0.25 * RADIUS];

const MARKS: Readonly<Record<"A" | "B" | "C", readonly Mark[]>> = {
  A: [...EVERYWHERE, NEARLY_EXACT, ["commandsOnTime", "mean", ">=", 0.995], ["settleMs", "p95", "<=", 200]],
  B: [
    ...EVERYWHERE,
    NEARLY_EXACT,
    ["commandsOnTime", "mean", ">=", 0.995],
    ["starvedTime", "mean", "<=", 0.001],
    ["sendToRenderMs", "mean", "<=", 175],
  ],
  C: [
    ...EVERYWHERE,
    // Until the spares serve, which takes three round trips, each loss holds up all that the first lane carries.
    ["ownErrorUnits", "p99", "<=", 0.5 * RADIUS],
    ["commandsOnTime", "mean", ">=", 0.97],
    ["starvedTime", "mean", "<=", 0.015],
    ["sendToRenderMs", "mean", "<=", 350],
  ],
};

/** What stalls are like differs more from seed to seed than the rest. */
const SEEDS: Readonly<Record<keyof typeof MARKS, readonly number[]>> = { A: [1], B: [1], C: [1, 2, 3] };

describe.for(Object.entries(MARKS))("a fight of 20 players for a minute over network %s", ([profile, marks]) => {
  const samples = new Samples();
  const violations: Violation[] = [];
  beforeAll(async () => {
    const network = PROFILES[profile as keyof typeof MARKS];
    for (const seed of SEEDS[profile as keyof typeof MARKS]) {
      const run = await play("brawl", { scenario: { ...SCENARIOS.brawl, network }, seed });
      samples.addAll(run.samples);
      violations.push(...run.violations);
    }
  }, 480_000);

  test("breaks no invariant", () => expect(violations).toEqual([]));

  test.for(marks)("%s, %s, is %s %d", ([name, summary, relation, limit]) => {
    const value = figure({ samples }, name, summary);
    if (relation === "<=") expect(value).toBeLessThanOrEqual(limit);
    else expect(value).toBeGreaterThanOrEqual(limit);
  });
});

const hard = (onTime: number, mispredicted: number, starved: number, toPictureMs: number): readonly Mark[] => [
  ["commandsOnTime", "mean", ">=", onTime],
  ["mispredictedTicks", "mean", "<=", mispredicted],
  ["starvedTime", "mean", "<=", starved],
  ["sendToRenderMs", "mean", "<=", toPictureMs],
  ["joinMs", "mean", "<=", 1000],
];

/**
 * Six players over the networks that were measured over a kernel's TCP, too. Narrow lines and losses upward have the marks that
 * are asked of the kernel's; bursts take all lanes at once, and no figure may be worse than the kernel's was by half of what was bad
 * or by half a point, whichever is more; with rare bursts, which differ by a third from run to run, by as much as it was.
 */
const HARD_MARKS = {
  narrow: hard(0.99, 0.02, 0.015, 300),
  "narrow-near": hard(0.99, 0.02, 0.015, 200),
  bursts: hard(0.967, 0.032, 0.0375, 230),
  "bursts-heavy": hard(0.883, 0.107, 0.132, 366),
  upward: hard(0.995, 0.0242, 0.0057, 221),
  downward: hard(0.9938, 0.0077, 0.0083, 282),
} satisfies Partial<Record<keyof typeof PROFILES, readonly Mark[]>>;

describe.for(Object.entries(HARD_MARKS))("a fight of six players for a minute over network %s", ([profile, marks]) => {
  const samples = new Samples();
  beforeAll(async () => {
    const network = PROFILES[profile as keyof typeof HARD_MARKS];
    for (const seed of [1, 2, 3]) {
      const run = await play("brawl", { scenario: { ...SCENARIOS.brawl, players: 6, network }, seed });
      samples.addAll(run.samples);
    }
  }, 480_000);

  test.for(marks)("%s, %s, is %s %d", ([name, summary, relation, limit]) => {
    const value = figure({ samples }, name, summary);
    if (relation === "<=") expect(value).toBeLessThanOrEqual(limit);
    else expect(value).toBeGreaterThanOrEqual(limit);
  });
});

test("whoever flies undisturbed is predicted to the last bit", async () => {
  const result = await play("calm");
  expect(figure(result, "mispredictedTicks", "max")).toBe(0);
  expect(figure(result, "ownErrorUnits", "max")).toBe(0);
  expect(figure(result, "inputFrames", "max")).toBeLessThanOrEqual(1);
  expect(result.violations).toEqual([]);
});

test("after a step in round-trip time commands are on time in two seconds, and no tick is skipped", async () => {
  const result = await play("rtt-step");
  expect(figure(result, "lateAfterStepMs", "max")).toBeLessThanOrEqual(2_000);
  expect(figure(result, "slew", "max")).toBeLessThanOrEqual(0.1);
  expect(figure(result, "skippedTicks", "max")).toBe(0);
  expect(result.violations).toEqual([]);
});

describe("a shot that is aimed at what is drawn, a quarter of a second ago,", () => {
  const aimed = { ...SCENARIOS.duel, seconds: 120 };

  test("hits", async () => {
    const result = await play("duel", { scenario: aimed });
    // Rewound by whole ticks.
    expect(Math.abs(figure(result, "rewindMs", "p50") - 250)).toBeLessThanOrEqual(1000 / 60 + 0.1);
    expect(figure(result, "shotsHit", "count")).toBeGreaterThan(30);
    expect(figure(result, "shotsHit", "mean")).toBeGreaterThanOrEqual(0.99);
    expect(result.violations).toEqual([]);
  });

  test("misses without rewind", async () => {
    const result = await play("duel", { scenario: aimed, hasRewind: false });
    expect(figure(result, "shotsHit", "count")).toBeGreaterThan(30);
    expect(figure(result, "shotsHit", "mean")).toBeLessThan(0.1);
  });
});

describe("a client in trouble", () => {
  test.for(["slow-reader", "hidden-tab"])(
    "%s: is fresh a second after, costs little, and nobody else notices",
    async (name) => {
      const scenario = { ...SCENARIOS[name], network: { ...PROFILES.A, loss: 0 } };
      const result = await play(name, { scenario });
      expect(figure(result, "recoveryMs", "count")).toBe(name === "slow-reader" ? 2 : 1);
      expect(figure(result, "recoveryMs", "max")).toBeLessThanOrEqual(1_000);
      expect(figure(result, "waitingBytes", "max")).toBeLessThan(1 << 20);
      expect(result.violations).toEqual([]);
      // The others' frames keep coming, as they do where nobody is in trouble.
      const usual = await play(name, { scenario: { ...scenario, happenings: [] } });
      for (let client = 1; client < scenario.players; client++) {
        const gaps = result.samples.figures("frameGapMs", client)!;
        expect(gaps.max).toBeLessThan(usual.samples.figures("frameGapMs", client)!.max + 2);
      }
    },
  );

  test.for([
    ["outage", 6_500],
    ["rejoin-storm", 1_500],
  ] as const)("%s: plays again %d ms after it is over", async ([name, limitMs]) => {
    const result = await play(name);
    expect(figure(result, "recoveryMs", "max")).toBeLessThanOrEqual(limitMs);
    expect(result.violations).toEqual([]);
  });
});

test("who joins late has a full picture within a second, and 64 KB", async () => {
  const result = await play("late-join");
  const late = 19;
  expect(result.samples.figures("joinMs", late)!.max).toBeLessThanOrEqual(1_000);
  expect(result.samples.figures("joinBytes", late)!.max).toBeLessThanOrEqual(64 << 10);
  expect(result.violations).toEqual([]);
});
