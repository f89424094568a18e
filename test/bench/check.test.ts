/** The marks: each is held, missed or open by what a report says, and by nothing else. */
import { describe, expect, test } from "vitest";
import { judge } from "./check.ts";
import { fitLine } from "./line-fit.ts";
import { outcomeOf, reportOf, trialOf } from "./made-report.ts";
import type { Outcome } from "./measurement.ts";
import type { BenchReport } from "./report.ts";
import type { SystemName } from "./systems.ts";
import type { TrialOutcome } from "./trials.ts";

const cpu = (share: number) => ({ cpu: { user: share, system: 0 } });
const limit = (system: SystemName, players: number) => ({ system, players, failure: "late" });

/** Processor time on a line: 2 % and 0.05 % for each player. */
const onLine = (players: number, some = {}) =>
  outcomeOf("starwake", players, { ...cpu(0.02 + players * 5e-4), ...some });

const HELD = reportOf({
  outcomes: [
    ...[100, 200, 400, 800].map((players) => onLine(players)),
    onLine(1158, { memoryPerClientBytes: 60 * 1024 }),
    outcomeOf("ws", 800, cpu(0.24)),
    outcomeOf("starwake", 1000, {}, 100),
  ],
  limits: [limit("starwake", 1400), limit("colyseus", 700)],
  trials: [trialOf("step"), trialOf("wire"), trialOf("crowd"), trialOf("client"), trialOf("page"), trialOf("cuts")],
});

/** In the order in which they are judged. */
const LINES = [1, 2, 3, 4, 5, 5, 6, 6, 7, 8, 8, 8, 9];

const verdicts = (report: BenchReport) => judge(report).map(({ isHeld }) => isHeld);
/** The lines, and words of marks where a line has several, of all that are not held. */
const missedIn = (report: BenchReport) =>
  judge(report)
    .filter(({ isHeld }) => isHeld === false)
    .map(({ line, mark }) => `${line} ${mark}`);

/** The report that holds all marks, with one measurement or trial in place of another. */
function withOutcome(outcome: Outcome): BenchReport {
  const isOther = ({ system, players, rooms }: Outcome) =>
    system !== outcome.system || players !== outcome.players || rooms !== outcome.rooms;
  return { ...HELD, outcomes: [...HELD.outcomes.filter(isOther), outcome] };
}

function withTrial(outcome: TrialOutcome): BenchReport {
  return { ...HELD, trials: [...HELD.trials.filter(({ trial }) => trial !== outcome.trial), outcome] };
}

describe("every line of the issue", () => {
  test("has a mark", () => {
    expect(judge(HELD).map(({ line }) => line)).toEqual(LINES);
  });

  test("is held by a report that just holds it", () => {
    expect(verdicts(HELD)).toEqual(LINES.map(() => true));
  });

  test("is open where nothing was measured, and says what would measure it", () => {
    expect(verdicts(reportOf({}))).toEqual(LINES.map(() => undefined));
    for (const { finding } of judge(reportOf({}))) expect(finding).toContain("--");
  });
});

describe("a mark is missed, and no other, when", () => {
  const late = { latenessMs: { p50: 1, p99: 6, max: 9 } };

  test.for<[string, Outcome]>([
    ["1 ", onLine(1158, late)],
    ["1 ", onLine(1158, { ticksKept: 0.999 })],
    ["1 ", onLine(1158, { droppedTicks: 1 })],
    ["3 ", outcomeOf("ws", 800, cpu(0.2))],
    ["5 a client's downstream", onLine(800, { bytesPerClientPerSecond: 2_501 })],
    ["6 memory", onLine(1158, { memoryPerClientBytes: 61 * 1024 })],
    ["7 ", outcomeOf("starwake", 1000, late, 100)],
    ["7 ", { system: "starwake", players: 1000, rooms: 100, failure: "it ended" }],
    ["9 ", onLine(100, cpu(0.03))],
  ])("a server says so: %s", ([mark, outcome]) => {
    expect(missedIn(withOutcome(outcome))).toEqual([expect.stringMatching(`^${mark}`)]);
  });

  test.for<[string, TrialOutcome]>([
    ["4 ", trialOf("wire", { bytesPerEntity: 2.01 })],
    ["5 400 in one view", trialOf("crowd", { bytesPerSecond: { mean: 11_000, most: 12_001 } })],
    ["5 400 in one view", trialOf("crowd", { nearestBrought: 0.9999 })],
    ["5 400 in one view", trialOf("crowd", { oldestMs: 501 })],
    ["6 step", trialOf("step", { usPerPlayerTick: 8.1 })],
    ["8 a client", trialOf("client", { meanMs: 0.51 })],
    ["8 the page", trialOf("page", { scriptMs: 4.1 })],
    ["8 the page", { trial: "page", failure: "the page crashed" }],
    ["8 after a cut", trialOf("cuts", { backMs: { p50: 100, p99: 301, max: 301 } })],
  ])("a trial says so: %s", ([mark, outcome]) => {
    expect(missedIn(withTrial(outcome))).toEqual([expect.stringMatching(`^${mark}`)]);
  });

  test("the limit is less than twice that of Colyseus", () => {
    const report = { ...HELD, limits: [limit("starwake", 1399), limit("colyseus", 700)] };
    expect(missedIn(report)).toEqual([expect.stringMatching("^2 ")]);
  });
});

describe("a limit beyond what was tried", () => {
  const judged = (own: number, theirs: number, beyond: SystemName) => {
    const limits = [limit("starwake", own), limit("colyseus", theirs)];
    const untried = limits.map((one) => (one.system === beyond ? { ...one, failure: undefined } : one));
    return judge({ ...HELD, limits: untried }).find(({ line }) => line === 2)?.isHeld;
  };

  test("of Starwake's is enough, or open", () => {
    expect(judged(1400, 700, "starwake")).toBe(true);
    expect(judged(1399, 700, "starwake")).toBeUndefined();
  });

  test("of Colyseus' is too much, or open", () => {
    expect(judged(1399, 700, "colyseus")).toBe(false);
    expect(judged(1400, 700, "colyseus")).toBeUndefined();
  });
});

describe("Starwake beside the floor", () => {
  const floor = (...floorPairs: BenchReport["floorPairs"]) =>
    judge({ ...HELD, floorPairs }).find(({ line }) => line === 3)!;
  const pair = (times: number) => ({ own: times * 0.25, floor: 0.25 });

  test("is judged by the median of all pairs, which are told", () => {
    // The outcomes' own pair is 1.75.
    expect(floor(pair(2.5), pair(1.5))).toMatchObject({
      isHeld: true,
      finding: expect.stringContaining("1.50 × to 2.50 ×"),
    });
    expect(floor(pair(2.5), pair(1.85))).toMatchObject({
      isHeld: false,
      finding: expect.stringContaining("1.85 ×, the median of 3"),
    });
  });

  test("is judged by pairs alone where there are no outcomes, and by the worse of two", () => {
    const judged = (...floorPairs: BenchReport["floorPairs"]) =>
      judge(reportOf({ floorPairs })).find(({ line }) => line === 3)?.isHeld;
    expect([judged(pair(1.7)), judged(pair(1.7), pair(1.9)), judged()]).toEqual([true, false, undefined]);
  });
});

test("the floor is no measure where it lost frames", () => {
  const report = withOutcome(outcomeOf("ws", 800, { ...cpu(0.1), framesKept: 0.7 }));
  expect(judge(report).find(({ line }) => line === 3)?.isHeld).toBeUndefined();
});

test("what could not be tried on this machine is open, and says why", () => {
  const report = withTrial({ trial: "page", lacking: "no Chromium" });
  expect(judge(report).find(({ mark }) => mark.startsWith("the page"))).toMatchObject({
    isHeld: undefined,
    finding: "no Chromium",
  });
});

describe("the curve of processor time", () => {
  const growth = (outcomes: readonly Outcome[]) => judge({ ...HELD, outcomes }).at(-1)!;
  const curve = (cpuAt: (players: number) => number) =>
    [100, 200, 400, 800, 1158].map((players) => outcomeOf("starwake", players, cpu(cpuAt(players))));

  test("is told as a line with what it is off by", () => {
    expect(growth(curve((players) => 0.02 + players * 5e-4)).finding).toContain(
      "2.0 % of a core and 5.0 % for each 100 players: R² 1.0000, at most 0.0 % off, at 100 players; each costs 0.74 × as much",
    );
  });

  test.for<[string, (players: number) => number]>([
    ["the square of the players", (players) => players ** 2 / 1e6],
    ["a line and a little of the square", (players) => 0.02 + players * 3e-4 + players ** 2 * 3e-7],
  ])("is no line where it grows with %s", ([, cpuAt]) => {
    expect(growth(curve(cpuAt)).isHeld).toBe(false);
  });

  test("is held where a player costs the less the more there are", () => {
    expect(growth(curve((players) => players ** 0.9 / 1e3)).isHeld).toBe(true);
  });

  test("bears a few hundredths of noise", () => {
    expect(growth(curve((players) => (0.02 + players * 5e-4) * (players % 400 === 0 ? 1.03 : 0.97))).isHeld).toBe(true);
  });

  test("is open without its ends, or with three places alone", () => {
    const outcomes = curve((players) => players * 5e-4);
    expect(growth(outcomes.slice(1)).isHeld).toBeUndefined();
    expect(growth(outcomes.slice(0, -1)).isHeld).toBeUndefined();
    expect(growth([outcomes[0], outcomes[2], outcomes[4]]).isHeld).toBeUndefined();
  });

  test("is open where frames were lost, because what was not done costs nothing", () => {
    const outcomes = curve((players) => players * 5e-4);
    expect(growth([...outcomes.slice(0, -1), outcomeOf("starwake", 1158, { framesKept: 0.9 })])).toMatchObject({
      isHeld: undefined,
      finding: expect.stringContaining("1158 players"),
    });
  });
});

describe("a line through points", () => {
  test("is the one that they lie on", () => {
    const points = [1, 2, 5].map((x) => ({ x, y: 3 + 2 * x }));
    expect(fitLine(points)).toMatchObject({
      intercept: expect.closeTo(3, 9),
      slope: expect.closeTo(2, 9),
      rSquared: expect.closeTo(1, 9),
    });
  });

  test("is nearest to those that do not, and tells the worst for its size", () => {
    // By hand: slope 2, intercept −1/3, residuals 1/3, −2/3, 1/3 of a variance of 26/3 in sum.
    const { slope, intercept, rSquared, worst } = fitLine(
      [
        { x: 0, y: 0 },
        { x: 1, y: 1 },
        { x: 2, y: 4 },
      ].map(({ x, y }) => ({ x, y: y + 1 })),
    );
    expect(slope).toBeCloseTo(2);
    expect(intercept).toBeCloseTo(2 / 3);
    expect(rSquared).toBeCloseTo(1 - 2 / 3 / (26 / 3));
    expect(worst).toEqual({ part: expect.closeTo(1 / 3), x: 0 });
  });

  test("tells nothing of two", () => {
    expect(() =>
      fitLine([
        { x: 0, y: 0 },
        { x: 1, y: 1 },
      ]),
    ).toThrow("2 points");
  });
});
