/** The marks of `npm run attack`: each is held or missed by what figures say, and by nothing else. */
import { describe, expect, test } from "vitest";
import type { Figures } from "./figures.ts";
import { HELD } from "./made-figures.ts";
import { growthOfSecondHalf, judge, MARKS, MOST_GROWTH_BYTES, missesMemoryAlone, STEADY_MARKS } from "./verdict.ts";

const missedIn = (figures: Figures) =>
  judge(figures)
    .filter(({ isHeld }) => !isHeld)
    .map(({ mark }) => mark);
const server = (some: Partial<Figures["server"]>) => ({ ...HELD, server: { ...HELD.server, ...some } });
const honest = (some: Partial<Figures["honest"]>) => ({ ...HELD, honest: { ...HELD.honest, ...some } });
const newcomers = (some: Partial<Figures["newcomers"]>) => ({ ...HELD, newcomers: { ...HELD.newcomers, ...some } });
const left = (some: Partial<Figures["after"]>) => ({ ...HELD, after: { ...HELD.after!, ...some } });
const memory = (at: (second: number) => number) => ({
  ...HELD,
  memoryBytes: HELD.memoryBytes.map((_, second) => at(second)),
});

test("figures that just hold every mark miss none", () => {
  expect(missedIn(HELD)).toEqual([]);
});

describe("one mark is missed, and no other, when", () => {
  test.for<[what: string, mark: RegExp, figures: Figures]>([
    ["nobody attacked", /took place/, { ...HELD, attackers: { opened: 0, refused: 0, bytes: 0 } }],
    ["no attacker came through", /took place/, { ...HELD, attackers: { opened: 50, refused: 50, bytes: 1 } }],
    ["the server ended", /lives/, server({ ending: "exit code 1" })],
    ["a handler failed", /threw/, server({ handlersFailed: 1 })],
    ["an error was logged", /threw/, server({ errorLines: ['{"level":"error"}'] })],
    ["nobody could be asked what failed", /threw/, server({ handlersFailed: Number.NaN })],
    ["somebody honest was lost for a moment", /dropped/, honest({ losses: 1 })],
    ["somebody honest did not come back", /in the end/, honest({ playingAfterwards: 19 })],
    ["somebody honest plays another match", /dropped/, honest({ stillPlaying: 19 })],
    ["somebody honest never came in", /dropped/, honest({ joined: 19 })],
    ["a frame could not be read", /read/, honest({ malformedFrames: 1 })],
    ["commands are missing", /on time/, honest({ commandsMissing: 101 })],
    ["there are no commands", /on time/, honest({ commandsOnTime: 0, commandsMissing: 0 })],
    ["ticks are missing", /ticks/, honest({ tickHz: 59.39 })],
    ["memory grows to the end", /flat/, memory((second) => 150e6 + second * 1e6)],
    ["a connection is left", /free/, left({ connections: 21 })],
    ["descriptors are left", /free/, left({ descriptors: 51 })],
    ["the server does not answer afterwards", /free/, { ...HELD, after: undefined }],
    ["newcomers are slow", /within/, newcomers({ slowestMs: 2_001 })],
  ])("%s", ([, mark, figures]) => {
    expect(missedIn(figures)).toEqual([expect.stringMatching(mark)]);
  });

  test("newcomers do not get in, whose time is missed, too", () => {
    const missed = missedIn(newcomers({ seen: 11, problems: ["room-full"] }));
    expect(missed).toEqual([expect.stringMatching(/get in/), expect.stringMatching(/within/)]);
  });
});

describe("memory", () => {
  test("is all that was missed, or not, or nothing was", () => {
    const grown = memory((second) => 150e6 + second * 1e6);
    expect(missesMemoryAlone(grown)).toBe(true);
    expect(missesMemoryAlone(HELD)).toBe(false);
    expect(missesMemoryAlone({ ...grown, after: undefined })).toBe(false);
    expect(missesMemoryAlone(honest({ losses: 1 }))).toBe(false);
  });

  test("that grew in the first half alone is flat", () => {
    expect(missedIn(memory((second) => 100e6 + Math.min(second, 50) * 10e6))).toEqual([]);
  });

  test("may peak for a moment", () => {
    expect(missedIn(memory((second) => (second === 100 ? 900e6 : 150e6)))).toEqual([]);
  });

  test("may grow by as much as collections let it, and no more", () => {
    const step = (by: number) => [...Array(60).fill(0), ...Array(30).fill(0), ...Array(30).fill(by)];
    expect(growthOfSecondHalf(step(MOST_GROWTH_BYTES))).toBe(MOST_GROWTH_BYTES);
    expect(missedIn({ ...HELD, memoryBytes: step(MOST_GROWTH_BYTES + 1) })).toHaveLength(1);
  });

  test("of too few samples holds nothing", () => {
    expect(missedIn({ ...HELD, memoryBytes: [1, 1, 1] })).toHaveLength(1);
  });
});

test("connections of the honest are none that attackers left, however many spares they have by then", () => {
  expect(missedIn(left({ connections: 60, descriptors: 86, honestLinks: 60 }))).toEqual([]);
});

test("marks that hang on the machine's speed or a long run are named, so that no short test is failed by them", () => {
  const ofPace = MARKS.filter((mark) => !STEADY_MARKS.includes(mark)).map(({ mark }) => mark);
  expect(ofPace).toEqual([
    expect.stringMatching("dropped"),
    expect.stringMatching("commands"),
    expect.stringMatching("ticks"),
    expect.stringMatching("flat"),
    expect.stringMatching("within 2 s"),
  ]);
});
