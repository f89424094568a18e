/** Limits: how their text is read, and what tells of one that is broken. */
import { describe, expect, test } from "vitest";
import { checkLimit, type Limit, parseLimit } from "./limits.ts";
import { type MeasureName, Samples } from "./measures.ts";

const TICK_RATE = 60;

describe("a limit's text", () => {
  test.for([
    ["mispredictedTicks=0.02", "mispredictedTicks", "mean", "at most", 0.02],
    ["ownErrorUnits.p99<=4.5", "ownErrorUnits", "p99", "at most", 4.5],
    ["commandsOnTime>=0.995", "commandsOnTime", "mean", "at least", 0.995],
    ["commandsOnTime=0.995", "commandsOnTime", "mean", "at least", 0.995],
    ["othersErrorUnits.p95=1.8", "othersErrorUnits", "p95", "at most", 1.8],
    ["commandMarginTicks.min >= -2", "commandMarginTicks", "min", "at least", -2],
    ["shotsAfterDeath=3", "shotsAfterDeath", "count", "at most", 3],
  ] as const)("%s names measure, summary, side and bound", ([text, measure, summary, side, bound]) => {
    expect(parseLimit(text)).toEqual({ text, measure, summary, side, bound });
  });

  test.for([
    ["ownError=4", /no measure "ownError"; there are .*ownErrorUnits, settleMs/],
    ["toString=4", /no measure "toString"/],
    ["ownErrorUnits.p98=4", /no summary "p98"; there are mean, p50, p95, p99, max, min, count/],
    ["ownErrorUnits=four", /"four" is not a number/],
    ["ownErrorUnits=Infinity", /"Infinity" is not a number/],
    ["ownErrorUnits<4", /"ownErrorUnits<4" is no limit: write/],
    ["ownErrorUnits=", /is no limit/],
    ["", /is no limit/],
  ] as const)("%s is refused with what there is", ([text, reason]) => {
    expect(parseLimit(text)).toEqual({ reason: expect.stringMatching(reason) });
  });
});

describe("a limit", () => {
  test("holds at its very bound, on either side", () => {
    const samples = samplesOf("ownErrorUnits", [[60, 0, 4.5]]);
    expect(check("ownErrorUnits.max<=4.5", samples)).toBeUndefined();
    expect(check("ownErrorUnits.max>=4.5", samples)).toBeUndefined();
  });

  test("that is broken tells the value, and the first sample beyond it", () => {
    const samples = samplesOf("ownErrorUnits", [
      [60, 0, 1],
      [90, 2, 5],
      [120, 1, 9],
    ]);
    const first = { tick: 90, seconds: 1.5, client: 2 };
    expect(check("ownErrorUnits.max<=4.5", samples)).toEqual({ limit: "ownErrorUnits.max<=4.5", value: 9, first });
  });

  test("of what should be more is broken from below", () => {
    const samples = samplesOf("commandsOnTime", [
      [1, 0, 1],
      [2, 4, 0],
    ]);
    expect(check("commandsOnTime=0.9", samples)).toMatchObject({ value: 0.5, first: { tick: 2, client: 4 } });
  });

  test("on a mean is not broken by rounding", () => {
    const each = [1, 2, 3].map((tick) => [tick, 0, 0.1] as const);
    const samples = samplesOf("starvedTime", each);
    expect(samples.figures("starvedTime")!.mean).toBeGreaterThan(0.1);
    expect(check("starvedTime<=0.1", samples)).toBeUndefined();
  });

  test("on a count tells the sample with which there were too many", () => {
    const samples = samplesOf("shotsAfterDeath", [
      [10, 0, 1],
      [20, 1, 1],
      [30, 2, 1],
    ]);
    expect(check("shotsAfterDeath<=1", samples)).toMatchObject({ value: 3, first: { tick: 20, client: 1 } });
    expect(check("shotsAfterDeath>=4", samples)).toEqual({ limit: "shotsAfterDeath>=4", value: 3 });
  });

  test("on a count of nothing is about 0", () => {
    expect(check("shotsAfterDeath<=0", new Samples())).toBeUndefined();
    expect(check("recoveryMs.count>=1", new Samples())).toMatchObject({ value: 0 });
  });

  test("on anything else of nothing is broken, and says so", () => {
    const broken = { limit: "recoveryMs<=1000", value: "nothing was measured" };
    expect(check("recoveryMs<=1000", new Samples())).toEqual(broken);
  });
});

function samplesOf(name: MeasureName, each: readonly (readonly [tick: number, client: number, value: number])[]) {
  const samples = new Samples();
  for (const [tick, client, value] of each) samples.add(name, tick, client, value);
  return samples;
}

function check(text: string, samples: Samples) {
  return checkLimit(parseLimit(text) as Limit, samples, TICK_RATE);
}
