/**
 * The short version of `npm run attack`: every attack for a moment, several at a time, against the server as a host runs it.
 * What hangs on the machine's speed is left to the long one.
 */
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { SEED } from "../support/seed.ts";
import { Attackers } from "./attackers.ts";
import type { AttackCounts } from "./field.ts";
import { besiege, ENDLESS } from "./siege.ts";
import { judge, STEADY_MARKS } from "./verdict.ts";
import type { AttackOrder } from "./worker.ts";

const WORKER = fileURLToPath(new URL("worker.ts", import.meta.url));
const HONEST = 3;
/** The server is to live, and so is whatever else this machine has to do. */
const EASE = 0.2;
/** A short run cannot tell whether memory stays flat, but what is held without end passes this. */
const MOST_MEMORY_BYTES = 600e6;
/** Ends what hangs, and judges nothing. */
const TIMEOUT_MS = 900_000;

test.for([
  { attack: "hello-twice", seconds: 4, addresses: 1 },
  { attack: "resets", seconds: 4, addresses: 1 },
  { attack: "mixed", seconds: 16, addresses: 20 },
])(
  `$attack from $addresses addresses stops neither the server nor anybody honest [seed ${SEED}]`,
  {
    timeout: TIMEOUT_MS,
  },
  async ({ attack, seconds, addresses }) => {
    const attackers = new Attackers<AttackOrder, AttackCounts>(WORKER, { opened: 0, refused: 0, bytes: 0 });
    const quick = { kind: "quick" } as const;
    const figures = await besiege({
      ...{ title: attack, seed: SEED, patience: ENDLESS, progress() {}, words: () => "" },
      honest: Array.from({ length: HONEST }, () => quick),
      newcomers: [quick],
      attack: ({ port }, ended) =>
        attackers.attack({ attack, port, addresses, seconds, seed: SEED, ease: EASE }, ended),
    });
    expect(judge(figures, STEADY_MARKS).filter(({ isHeld }) => !isHeld)).toEqual([]);
    expect(Math.max(...figures.memoryBytes)).toBeLessThan(MOST_MEMORY_BYTES);
  },
);
