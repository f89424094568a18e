/**
 * False words about time gain nothing: an aimbot's shots that hit, against those of the same one that says the truth, in
 * the same seeds of virtual time. `npm run cheats` plays all cheats over more seeds.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { CHEATS, type Cheat, honestLike } from "./cheats.ts";
import { runTrial } from "./trial.ts";

const SEEDS = [1, 2, 3];
const SECONDS = 60;
/** In points of shots that hit; what chance alone gives comes on top. `npm run cheats -- --seeds 48` tells it to half a point. */
const MOST_GAIN = 2;
/** In ticks: honest looks are rounded, and as old as is believed or one tick less. */
const MOST_LAG_GAIN = 1;

/** What is drawn of others at 50 ms is so old, see the mean over many seeds. */
const HONEST_LAG_TICKS = 7.4;

/** By so much at most is a stray frame believed to have been held up: 120 ms, and as much rounding as above. */
const MOST_STRAY_TICKS = 7.2 + MOST_LAG_GAIN;

/** Ends what hangs. */
const LONG = { timeout: 600_000 };

type Outcome = { readonly points: number; readonly lag: number; readonly shots: number };

/** @returns points of shots that hit more, less two standard errors of such a difference */
function sureGain(cheat: Outcome, honest: Outcome): number {
  const variance = ({ points, shots }: Outcome) => (points * (100 - points)) / shots;
  return cheat.points - honest.points - 2 * Math.sqrt(variance(cheat) + variance(honest));
}

async function play(what: string | Cheat, seeds = SEEDS): Promise<Outcome> {
  const cheat = typeof what === "string" ? CHEATS[what] : what;
  const sum = { shots: 0, hits: 0, lag: 0 };
  for (const seed of seeds) {
    const { shots, hits, lag } = await runTrial({ cheat, seed, seconds: SECONDS });
    sum.shots += shots;
    sum.hits += hits;
    sum.lag += lag / seeds.length;
  }
  return { points: (100 * sum.hits) / sum.shots, lag: sum.lag, shots: sum.shots };
}

describe("an aimbot on 50 ms", () => {
  let honest: Outcome;
  beforeAll(async () => {
    honest = await play("honest");
  }, LONG.timeout);

  test("that says the truth is believed, and hits at times", () => {
    expect(Math.abs(honest.lag - HONEST_LAG_TICKS)).toBeLessThan(MOST_LAG_GAIN);
    expect(honest.shots).toBeGreaterThan(500);
    expect(honest.points).toBeGreaterThan(50);
    expect(honest.points).toBeLessThan(90);
  });

  test(
    "that claims to see the others 15 ticks late is judged by no older a past, and gains nothing",
    LONG,
    async () => {
      const lying = await play("quarter");
      expect(lying.lag - honest.lag).toBeLessThanOrEqual(MOST_LAG_GAIN);
      expect(sureGain(lying, honest)).toBeLessThanOrEqual(MOST_GAIN);
    },
  );

  test("that sends three ticks at once gains nothing by it, and nothing by a false word beside it", LONG, async () => {
    const packed = await play("honest-packed");
    expect(sureGain(packed, honest)).toBeLessThanOrEqual(MOST_GAIN);
    expect(sureGain(await play("packed"), packed)).toBeLessThanOrEqual(MOST_GAIN);
  });

  test.for(["firing", "late-stamps", "lanes", "delayed", "leaps", "doubled"])(
    "is judged by no older a past for %s",
    LONG,
    async (name) => {
      const truth = await play(honestLike(CHEATS[name]), SEEDS.slice(0, 2));
      expect((await play(name, SEEDS.slice(0, 2))).lag - truth.lag).toBeLessThanOrEqual(MOST_LAG_GAIN);
    },
  );

  // Each time it is believed for some seconds as one whose client knows nothing yet.
  test("gains nothing by resets", LONG, async () => {
    expect(sureGain(await play("resets"), honest)).toBeLessThanOrEqual(MOST_GAIN);
  });

  // What these say differs in nothing from what an honest one says over a network that is as bad as they pretend.
  test.for(["old-ack", "old-ack-at-times", "ten-seconds", "jittered", "stalls"])(
    "that seems to be on a bad network by %s is judged by no older a past than such a network explains",
    LONG,
    async (name) => {
      expect((await play(name)).lag - honest.lag).toBeLessThanOrEqual(MOST_STRAY_TICKS);
    },
  );

  // An odd look in every other packet misses more, and what is known for commands far ahead of their ticks is old.
  test.for(["turns", "ahead"])("gains nothing by %s", LONG, async (name) => {
    expect(sureGain(await play(name, SEEDS.slice(0, 1)), honest)).toBeLessThanOrEqual(MOST_GAIN);
  });
});
