/** Replay files: what is written is read again, and what is not a whole replay is told apart from one. */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Replay, ReplayStep } from "@starwake/shared/engine/replay.ts";
import { FORMAT_VERSION } from "@starwake/shared/engine/replay-file.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LEAVING_TOY } from "../support/leaving-toy.ts";
import { randomReplay } from "../support/random-replay.ts";
import { joined, PROTOCOL, readBytes, readWhole, replayBytes, replayParts } from "../support/replay-bytes.ts";
import { dots } from "./toy-game.ts";

const game = dots as GameDefinition;
/** One of three and a half seconds in which much happens; the same one every time. */
const replay = sampleReplay();
const whole = replayBytes(game, replay);

function sampleReplay(): Replay {
  const isBusy = ({ steps, players }: Replay) => steps.length >= 70 && players.length > 8;
  const [{ head, players, steps, hashes }] = fc.sample(randomReplay.filter(isBusy), { numRuns: 1, seed: 1 });
  const setup = { ...head.setup, tickRate: 20 };
  const beginning = steps.slice(0, 70);
  const added = beginning.flatMap(({ changes }) => changes).filter(({ kind }) => kind === "added").length;
  return {
    head: { ...head, setup },
    players: players.slice(0, added),
    steps: beginning,
    hashes: hashes.filter(({ tick }) => tick <= beginning.length),
    isComplete: true,
  };
}

/** The same, but every other one who comes has been there before. */
function inConditions(some: Replay): Replay {
  let coming = 0;
  const conditionOf = (player: number) => (coming++ % 2 === 0 ? { condition: { hits: player % 1000 } } : {});
  const steps = some.steps.map((step) => ({
    ...step,
    changes: step.changes.map((change) =>
      change.kind === "added" ? { ...change, ...conditionOf(change.player) } : change,
    ),
  }));
  return { ...some, steps };
}

/** A replay that was read up to some step. */
function expectBeginning(read: Replay, of: Replay): void {
  const length = read.steps.length;
  expect(read.steps).toEqual(of.steps.slice(0, length));
  expect(read.hashes).toEqual(of.hashes.slice(0, read.hashes.length));
  expect(read.players).toEqual(of.players.slice(0, read.players.length));
}

describe("a replay", () => {
  test("is read as it was written, whatever happened in it", async () => {
    await fc.assert(
      fc.asyncProperty(randomReplay, async (written) => {
        expect(await readWhole(replayBytes(game, written), game)).toEqual(written);
      }),
    );
  });

  test("is read with the conditions of those who came back", async () => {
    const written = inConditions(replay);
    expect(await readWhole(replayBytes(LEAVING_TOY, written), LEAVING_TOY)).toEqual(written);
  });

  test("of nothing at all is read too", async () => {
    const empty: Replay = { ...replay, players: [], steps: [], hashes: [] };
    expect(await readWhole(replayBytes(game, empty), game)).toEqual(empty);
  });

  test("of a crowd that never holds still is read too", async () => {
    const setup = { ...replay.head.setup, tickRate: 100 };
    const ids = Array.from({ length: 2000 }, (_, index) => index + 1);
    const players = ids.map((player) => ({ player, name: "", isPilot: false }));
    const steps = Array.from({ length: 60 }, (_, tick): ReplayStep => {
      const changes = tick === 0 ? ids.map((player) => ({ kind: "added" as const, player })) : [];
      const wish = (id: number) => ({ heading: (id + tick) % 9, facing: (id * tick * 89) & 255, throws: tick & 1 });
      const looks = new Map(ids.map((id) => [id, tick - ((id * tick) & 63)]));
      return { changes, commands: new Map(ids.map((id) => [id, wish(id)])), looks };
    });
    const crowd: Replay = { head: { ...replay.head, setup }, players, steps, hashes: [], isComplete: true };
    expect(await readWhole(replayBytes(game, crowd), game)).toEqual(crowd);
  });

  test("is read where its bytes are part of a larger buffer", async () => {
    expect(await readWhole(Buffer.concat([Buffer.from("before"), whole]).subarray(6), game)).toEqual(replay);
  });
});

describe("a file that breaks off", () => {
  test("anywhere gives what is whole of it, and says that it is not all", async () => {
    const parts = replayParts(game, replay);
    const opening = parts[0].length;
    for (let length = 0; length < whole.length; length++) {
      const read = await readBytes(whole.subarray(0, length), game);
      if ("problem" in read) expect(length).toBeLessThan(opening);
      else {
        expect(length).toBeGreaterThanOrEqual(opening);
        expect(read.isComplete).toBe(false);
        expectBeginning(read, replay);
      }
    }
  });

  test("loses no more than the half second that was cut", async () => {
    const parts = replayParts(game, replay);
    for (let count = 1; count < parts.length; count++) {
      const cut = parts.slice(0, count).reduce((sum, part) => sum + part.length, 0) + 5;
      const { steps } = await readWhole(whole.subarray(0, cut), game);
      expect(steps.length).toBe(Math.min(replay.steps.length, (count - 1) * 10));
    }
  });

  test("before its first second says so", async () => {
    expect(await readBytes(whole.subarray(0, 40), game)).toEqual({
      problem: "The file breaks off before its first second.",
    });
  });
});

describe("a damaged file", () => {
  test("is refused, whichever bit was flipped", async () => {
    for (let bit = 0; bit < whole.length * 8; bit += 1 + (bit % 3)) {
      const flipped = whole.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      expect(await readBytes(flipped, game), `bit ${bit}`).toHaveProperty("problem");
    }
  });

  test("is refused or gives what is whole before the cut, when it breaks off too", async () => {
    for (let bit = 0; bit < whole.length * 8; bit += 1 + (bit % 7)) {
      const flipped = whole.slice(0, whole.length - 60);
      if (bit >> 3 >= flipped.length) break;
      flipped[bit >> 3] ^= 1 << (bit & 7);
      const read = await readBytes(flipped, game);
      if (!("problem" in read)) expectBeginning(read, replay);
    }
  });

  test("is told by the second at which it is damaged", async () => {
    const parts = replayParts(game, replay);
    const before = parts.slice(0, 4).reduce((sum, part) => sum + part.length, 0);
    const flipped = whole.slice();
    flipped[before + 13] ^= 16;
    expect(await readBytes(flipped, game)).toEqual({ problem: "The file is damaged at second 1." });
  });

  test.for([
    ["a block is missing", (parts: Uint8Array[]) => parts.toSpliced(2, 1)],
    ["a block is there twice", (parts: Uint8Array[]) => parts.toSpliced(2, 0, parts[2])],
    ["blocks are in another order", (parts: Uint8Array[]) => parts.toSpliced(2, 2, parts[3], parts[2])],
    ["the end mark comes too early", (parts: Uint8Array[]) => parts.toSpliced(2, 0, parts.at(-1)!)],
    ["something follows its end mark", (parts: Uint8Array[]) => [...parts, Uint8Array.of(0)]],
    ["another head follows", (parts: Uint8Array[]) => parts.toSpliced(1, 0, parts[0].subarray(9))],
  ] as const)("is refused where %s", async ([, change]) => {
    const parts = change(replayParts(game, replay));
    expect(await readBytes(joined(parts), game)).toMatchObject({ problem: expect.stringContaining("damaged") });
  });

  test("is refused where a block in which nothing happens is missing", async () => {
    const idle: ReplayStep = { changes: [], commands: new Map(), looks: new Map() };
    const parts = replayParts(game, { ...replay, players: [], steps: Array(50).fill(idle), hashes: [] });
    expect(await readBytes(joined(parts.toSpliced(2, 1)), game)).toHaveProperty("problem");
  });

  test("of random bytes is no replay, and harms nobody", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        expect(await readBytes(noise, game)).toHaveProperty("problem");
        expect(await readBytes(Uint8Array.of(...whole.subarray(0, 9), ...noise), game)).toHaveProperty("problem");
      }),
    );
  });
});

describe("a replay that this program cannot run", () => {
  test("is told by its format version", async () => {
    const newer = whole.slice();
    newer[8] = FORMAT_VERSION + 1;
    expect(await readBytes(newer, game)).toEqual({
      problem: `This is a replay file of format version ${FORMAT_VERSION + 1}; this program reads version ${FORMAT_VERSION}.`,
    });
  });

  test("is told by its game", async () => {
    expect(await readBytes(whole, { ...game, name: "lines" })).toEqual({
      problem: 'This is a replay of the game "dots"; this program plays "lines".',
    });
  });

  test("is told by its rules, with both versions of them", async () => {
    expect(await readBytes(whole, game, "ffffffffffff")).toEqual({
      problem: `This replay was recorded under version ${PROTOCOL} of the rules; this program plays by version ffffffffffff.`,
    });
  });

  test("because it is something else says so", async () => {
    expect(await readBytes(new Uint8Array(), game)).toEqual({ problem: "This is not a replay file." });
    expect(await readBytes(whole.subarray(1), game)).toEqual({ problem: "This is not a replay file." });
  });
});
