/** What is made of the counts: figures, the limits' search, tables and the page. */
import { describe, expect, test } from "vitest";
import { type Counted, figuresOf } from "./figures.ts";
import { failureOf, LimitSearch, MOST_PLAYERS } from "./limit-search.ts";
import { GOOD, outcomeOf, reportOf } from "./made-report.ts";
import { playersChart } from "./players-chart.ts";
import { busySecondsOf, cpuTimeOf, residentBytesOf } from "./process-accounts.ts";
import { ratiosOf } from "./report.ts";
import { pageOf } from "./report-page.ts";
import { problemsOf, tablesOf, textOf } from "./report-table.ts";
import { SampleWatch } from "./sample-watch.ts";
import { spreadOf } from "./spread.ts";

describe("figures", () => {
  test("are per client, per second and per entity", () => {
    expect(figuresOf(GOOD)).toMatchObject({
      ticksKept: 1,
      framesKept: 1,
      bytesPerClientPerSecond: 2_200,
      controlBytesPerClientPerSecond: 200,
      bytesPerFrame: 100,
      bytesPerEntityUpdate: 100_000 / 41_000,
      othersInView: 40,
      memoryPerClientBytes: 50_000,
      problems: [],
    });
  });

  test("a missing tenth of the frames is seen", () => {
    const load = { ...GOOD.load, frames: 18_000 };
    expect(figuresOf({ ...GOOD, load }).framesKept).toBeCloseTo(0.9, 3);
  });

  test("without a real client there is nothing to say of entities", () => {
    const sample = { clients: 0, frames: 0, bytes: 0, entityUpdates: 0, problems: [] };
    const { bytesPerEntityUpdate, othersInView } = figuresOf({ ...GOOD, load: { ...GOOD.load, sample } });
    expect([bytesPerEntityUpdate, othersInView]).toEqual([undefined, undefined]);
  });

  test.for<[string, Partial<Counted>]>([
    ["the load generator was at its own limit", { loadCpu: { user: 0.7, system: 0.29 } }],
    ["others were busy on the server's core: 30 %", { othersCpu: 0.3 }],
    ["only 90.0 % of commands were in time", { commandsOnTime: 0.9 }],
    ["the server told of no tick", { server: { ...GOOD.server, ticks: 0 } }],
    ["3 connections were lost", { load: { ...GOOD.load, lost: 3 } }],
  ])("say what they are not to be trusted for: %s", ([problem, some]) => {
    expect(figuresOf({ ...GOOD, ...some }).problems).toEqual([expect.stringContaining(problem)]);
  });
});

test("a spread tells the middle, the hundredth worst and the worst; of nothing, zeros", () => {
  expect(spreadOf(Array.from({ length: 100 }, (_, index) => 99 - index))).toEqual({ p50: 50, p99: 99, max: 99 });
  expect(spreadOf([])).toEqual({ p50: 0, p99: 0, max: 0 });
});

describe("the kernel's accounts", () => {
  test("give a process' time in itself and in the kernel, whatever it is named", () => {
    const stat = "12 (a) b (node) S 1 12 12 0 -1 4194304 100 0 0 0 250 75 0 0 20 0 11 0 5000 1 2";
    expect(cpuTimeOf(stat)).toEqual({ user: 2.5, system: 0.75 });
  });

  test("give its resident memory", () => {
    expect(residentBytesOf("Name:\tnode\nVmPeak:\t 900 kB\nVmRSS:\t  512 kB\nThreads:\t11\n")).toBe(512 * 1024);
  });

  test("give what a core was busy with, which waiting is not", () => {
    const stat = "cpu  9 9 9 9 9 9 9 9 0 0\ncpu0 100 20 30 4000 50 6 7 8 90 0\ncpu1 1 1 1 1 1 1 1 1 0 0\n";
    expect(busySecondsOf(stat, 0)).toBeCloseTo(1.71, 9);
  });
});

describe("a client that decodes", () => {
  const ship = (x: number) => [{ id: 1, x, y: 0 }];

  test("counts frames, bytes and what stood in them", () => {
    const watch = new SampleWatch();
    watch.frame(10, ship(0));
    watch.frame(20, [...ship(1), { id: 2, x: 5, y: 5 }]);
    expect(watch.figures).toEqual({ clients: 1, frames: 2, bytes: 30, entityUpdates: 3, problems: [] });
  });

  test("says when nothing moves, when a frame cannot be read, and when none came", () => {
    const watch = new SampleWatch();
    expect(watch.figures.problems).toEqual(["a client that decodes got no frame"]);
    watch.frame(10, ship(0));
    watch.frame(10, ship(0));
    watch.failed();
    expect(watch.figures.problems).toEqual(["1 frames could not be read", "of 1 ships seen twice only 0 had moved"]);
    watch.begin();
    expect(watch.figures.frames).toBe(0);
  });
});

describe("the search for a limit", () => {
  /** @param most what the system bears */
  function search(most: number) {
    const found = new LimitSearch();
    const tried: number[] = [];
    for (let players = found.next; players !== undefined; players = found.next) {
      tried.push(players);
      found.note(players, players > most ? "late" : undefined);
    }
    return { found, tried };
  }

  test.for([2, 60, 150, 777, 2000])("finds %i to within a twentieth", (most) => {
    const { found, tried } = search(most);
    expect(found.limit).toBeLessThanOrEqual(most);
    expect(found.limit).toBeGreaterThan(most / 1.06 - 1);
    expect(found.failure).toBe("late");
    expect(tried.length).toBeLessThan(30);
  });

  test("ends at the most players that are tried, with nothing that failed", () => {
    const { found } = search(Infinity);
    expect(found).toMatchObject({ limit: MOST_PLAYERS, failure: undefined });
  });

  test("tries no more than it is told to", () => {
    const found = new LimitSearch(50);
    expect(found.next).toBe(50);
    found.note(50, undefined);
    expect(found).toMatchObject({ limit: 50, failure: undefined, next: undefined });
  });

  test("ends for a system that bears nothing", () => {
    expect(search(0).found.limit).toBe(0);
  });

  test("a number that fails once is tried again", () => {
    const found = new LimitSearch();
    found.note(100, "late");
    expect(found.next).toBe(100);
    found.note(100, undefined);
    expect(found).toMatchObject({ limit: 100, failure: undefined });
  });

  test("late ticks, lost frames, a load generator at its limit and a server that ended are failures", () => {
    expect(failureOf(outcomeOf("ws", 100))).toBeUndefined();
    expect(failureOf(outcomeOf("ws", 100, { latenessMs: { p50: 1, p99: 5.1, max: 9 } }))).toContain("late");
    expect(failureOf(outcomeOf("ws", 100, { framesKept: 0.98 }))).toContain("frames");
    expect(failureOf({ system: "ws", players: 100, rooms: 0, failure: "it ended\nlong story" })).toBe("it ended");
    const busy = figuresOf({ ...GOOD, othersCpu: 0.5 }).problems;
    expect(failureOf(outcomeOf("ws", 100, { problems: busy }))).toBeUndefined();
    expect(failureOf(outcomeOf("ws", 100, { problems: busy, framesKept: 0.9 }))).toContain("others were busy");
    const { problems } = figuresOf({ ...GOOD, loadCpu: { user: 0.9, system: 0.1 } });
    expect(failureOf(outcomeOf("ws", 100, { problems }))).toContain("the load generator");
  });
});

describe("the report", () => {
  const report = reportOf({
    outcomes: [
      outcomeOf("starwake", 200, { cpu: { user: 0.2, system: 0.1 } }),
      outcomeOf("colyseus", 200, { cpu: { user: 0.5, system: 0.1 }, problems: ["it <was> odd"] }),
      { system: "json", players: 200, rooms: 0, failure: "only 3 of 200 players came in" },
      outcomeOf("starwake", 200, {}, 20),
    ],
    limits: [{ system: "starwake", players: MOST_PLAYERS, failure: undefined }],
  });

  test("sets Starwake beside each peer that bore as many players", () => {
    expect(ratiosOf(report)).toEqual([
      { players: 200, peer: "colyseus", cpu: expect.closeTo(0.5, 9), bytes: 1, memory: 1 },
    ]);
  });

  test("is a table of lines that are aligned; what failed is said in its row", () => {
    const [figures] = tablesOf(report);
    const lines = textOf(figures).split("\n");
    expect(lines).toHaveLength(2 + 4);
    expect(lines[2].indexOf("200")).toBe(lines[3].indexOf("200"));
    expect(lines[4]).toMatch(/json +200 +only 3 of 200 players came in$/);
    expect(lines[5]).toContain("20 × 10");
  });

  test("names every problem with who had it", () => {
    expect(problemsOf(report)).toEqual([
      "colyseus with 200 players: it <was> odd",
      "json with 200 players: only 3 of 200 players came in",
    ]);
  });

  test("is a page that escapes what it shows and asks nothing of the network", () => {
    const page = pageOf(report);
    expect(page).toContain("it &lt;was&gt; odd");
    expect(page).toContain("A &lt;core&gt;");
    expect(page).toContain("<svg");
    expect(page).not.toMatch(/(src|href)=|undefined|NaN/);
  });
});

describe("a chart", () => {
  test("of nothing is none", () => {
    expect(playersChart([{ system: "ws", points: [] }])).toBeUndefined();
  });

  test("has a point for each value, higher where it is greater", () => {
    const chart = playersChart([
      { system: "ws", points: [100, 200].map((players) => ({ players, value: players / 100 })) },
    ]);
    const heights = [...chart!.matchAll(/cy="([\d.]+)"/g)].map(([, height]) => Number(height));
    expect(heights).toHaveLength(2);
    expect(heights[0]).toBeGreaterThan(heights[1]);
  });

  test("draws zero, which has no power of ten", () => {
    expect(playersChart([{ system: "ws", points: [{ players: 100, value: 0 }] }])).not.toMatch(/NaN|Infinity/);
  });
});
