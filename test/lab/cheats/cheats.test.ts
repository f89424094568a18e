/**
 * False words about time gain nothing: an aimbot's shots that hit, against those of the same one that says the truth, in
 * the same seeds of virtual time. `npm run cheats` plays all cheats over more seeds.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { CHEATS, HONEST } from "./cheats.ts";
import { runTrial } from "./trial.ts";

const SEEDS = [1, 2, 3];
const SECONDS = 40;
/** In points of shots that hit. */
const MOST_GAIN = 2;
/** In ticks: honest looks are rounded, and as old as is believed or one tick less. */
const MOST_LAG_GAIN = 1;

async function play(name: string) {
  const sum = { shots: 0, hits: 0, lag: 0 };
  for (const seed of SEEDS) {
    const { shots, hits, lag } = await runTrial({ cheat: CHEATS[name], seed, seconds: SECONDS });
    sum.shots += shots;
    sum.hits += hits;
    sum.lag += lag / SEEDS.length;
  }
  return { points: (100 * sum.hits) / sum.shots, lag: sum.lag, shots: sum.shots };
}

describe("an aimbot on 50 ms", () => {
  let honest: Awaited<ReturnType<typeof play>>;
  beforeAll(async () => {
    expect(HONEST).toBe(CHEATS.honest);
    honest = await play("honest");
  }, 300_000);

  test("that says the truth is believed, and hits at times", () => {
    expect(honest.lag).toBeCloseTo(7, 0);
    expect(honest.shots).toBeGreaterThan(300);
    expect(honest.points).toBeGreaterThan(50);
    expect(honest.points).toBeLessThan(90);
  });

  test.for(["quarter", "turns", "ahead"])("gains nothing by a false word: %s", { timeout: 300_000 }, async (name) => {
    const lying = await play(name);
    expect(lying.lag - honest.lag).toBeLessThanOrEqual(MOST_LAG_GAIN);
    expect(lying.points - honest.points).toBeLessThanOrEqual(MOST_GAIN);
  });
});
