/** Budgets that address groups share: what there is goes to many who ask for more, and nobody who is new waits. */
import { AskingRate } from "@starwake/server/engine/asking-rate.ts";
import { FairBudget } from "@starwake/server/engine/fair-budget.ts";
import { describe, expect, test } from "vitest";

/** 20 a second for all, 40 at once; a group may have 10 at once by a limit of its own. */
const create = () => new FairBudget(20, 40, 10, 0);

function takeMany(budget: FairBudget, group: string, times: number, nowMs: number): number {
  let taken = 0;
  for (let time = 0; time < times; time++) if (budget.take(group, nowMs)) taken++;
  return taken;
}

describe("a budget", () => {
  test("gives one group alone all that its own limit lets it have, at once and for ever", () => {
    const budget = create();
    expect(takeMany(budget, "one", 10, 0)).toBe(10);
    for (let second = 1; second < 1_000; second++) expect(takeMany(budget, "one", 2, second * 1000)).toBe(2);
  });

  test("gives groups that ask for all of it no more than there is, each as much as the others", () => {
    const budget = create();
    const taken = new Map<string, number>();
    for (let nowMs = 0; nowMs < 60_000; nowMs += 100) {
      for (let index = 0; index < 100; index++) {
        // They come in another order each time.
        const group = `group ${(index * 37 + nowMs / 100) % 100}`;
        taken.set(group, (taken.get(group) ?? 0) + takeMany(budget, group, 3, nowMs));
      }
    }
    const counts = [...taken.values()];
    expect(counts.reduce((sum, count) => sum + count)).toBeLessThanOrEqual(40 + 60 * 20);
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(6);
  });

  test("lets in whoever is new at every moment of a rush", () => {
    const budget = create();
    for (let nowMs = 0; nowMs < 60_000; nowMs += 100) {
      for (let index = 0; index < 100; index++) takeMany(budget, `group ${index}`, 3, nowMs);
      if (nowMs % 500 === 0) expect(budget.take(`new at ${nowMs}`, nowMs + 99)).toBe(true);
    }
  });

  test("has no end where it is lifted", () => {
    const infinite = Number.POSITIVE_INFINITY;
    expect(takeMany(new FairBudget(infinite, infinite, 10, 0), "one", 10_000, 0)).toBe(10_000);
  });

  test("holds for groups that have no limit of their own", () => {
    expect(takeMany(new FairBudget(20, 40, Number.POSITIVE_INFINITY, 0), "one", 100, 0)).toBeLessThanOrEqual(40);
  });
});

test("who asks too often hears of its own limit, and who comes when all do of theirs", () => {
  const limits = { perSecond: { ofGroup: 10, inAll: 20 }, burstSeconds: { ofGroup: 1, inAll: 2 } };
  const rate = new AskingRate(limits, 0);
  const words = (group: string, times: number) =>
    new Set(Array.from({ length: times }, () => rate.problemWith(group, 0) ?? "none"));
  expect(words("one", 10)).toEqual(new Set(["none"]));
  expect(words("one", 10)).toEqual(new Set(["too-often"]));
  for (let group = 0; group < 100; group++) words(`group ${group}`, 10);
  expect(words("group 7", 10)).toEqual(new Set(["too-often"]));
  expect(words("late", 10)).toEqual(new Set(["busy"]));
});

describe("who has less than the others does not wait, however long those ask", () => {
  const MINUTES = 30;
  /** Each of so many addresses asks ten times a second, and one now and then, until it is let in. @returns its longest wait */
  const longestWaitMs = (take: (group: string, nowMs: number) => boolean, others: number, everyMs: number) => {
    const waits: number[] = [];
    for (let [nowMs, wantsMs] = [0, everyMs]; nowMs < MINUTES * 60_000; nowMs += 100) {
      // Some come before it, and some after.
      for (let index = 0; index < others / 2; index++) take(`203.0.113.${index}`, nowMs);
      if (nowMs >= wantsMs && take("192.0.2.7", nowMs)) {
        waits.push(nowMs - wantsMs);
        wantsMs += everyMs;
      }
      for (let index = 0; index < others / 2; index++) take(`198.51.100.${index}`, nowMs);
    }
    expect(waits.length).toBeGreaterThan((MINUTES * 60_000) / everyMs - 2);
    return Math.max(...waits);
  };

  test.for([0.2, 0.5, 0.9])("of a hundred a second that 100 share: one with %d a second", (perSecond) => {
    const rate = new AskingRate({ perSecond: { ofGroup: 10, inAll: 100 }, burstSeconds: { ofGroup: 10, inAll: 3 } }, 0);
    const take = (group: string, nowMs: number) => rate.problemWith(group, nowMs) === undefined;
    expect(longestWaitMs(take, 100, 1000 / perSecond)).toBeLessThanOrEqual(1_000);
  });

  test("of four a second that 400 share: one with one in four minutes", () => {
    const budget = new FairBudget(4, 8, 4, 0);
    expect(longestWaitMs((group, nowMs) => budget.take(group, nowMs), 400, 240_000)).toBeLessThanOrEqual(1_000);
  });
});

test("a site with new networks without end gets no more than a few of them, and who comes then is let in", () => {
  const limits = { perSecond: { ofGroup: 30, inAll: 200 }, burstSeconds: { ofGroup: 5, inAll: 2 } };
  const rate = new AskingRate(limits, 0);
  let [taken, strangers] = [0, 0];
  for (let asked = 0; asked < 100_000; asked++) {
    const nowMs = asked / 5;
    const network = `2001:db8:1:${(asked % 65_536).toString(16)}::/64`;
    if (rate.problemWith(network, nowMs) === undefined) taken++;
    if (asked % 5_000 === 0 && rate.problemWith(`192.0.2.${asked / 5_000}`, nowMs) === undefined) strangers++;
  }
  expect(strangers).toBe(20);
  expect(taken).toBeLessThanOrEqual(400 + 20 * 200);
});
