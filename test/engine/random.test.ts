import { createRandom, nextBelow, nextBetween, nextUint32, type Random } from "@starwake/shared/engine/random.ts";
import { expect, test } from "vitest";

function take<T>(count: number, next: () => T): T[] {
  return Array.from({ length: count }, next);
}

/** sfc32 as PractRand writes it, on unsigned 32-bit words. */
function referenceSfc32(a: number, b: number, c: number, counter: number): () => number {
  const words = new Uint32Array([a, b, c, counter]);
  return () => {
    const sum = (words[0] + words[1] + words[3]) >>> 0;
    words[3] += 1;
    words[0] = words[1] ^ (words[1] >>> 9);
    words[1] = words[2] + words[2] * 8;
    words[2] = ((words[2] << 21) | (words[2] >>> 11)) + sum;
    return sum;
  };
}

test("the generator is sfc32, from any state", () => {
  for (const [a, b, c, counter] of [
    [0, 0, 0, 1],
    [0xffffffff, 0x80000000, 0x7fffffff, 0xffffffff],
    [0x12345678, 0x9abcdef0, 0xdeadbeef, 7],
  ]) {
    const random: Random = { a: a | 0, b: b | 0, c: c | 0, counter: counter | 0 };
    expect(take(1000, () => nextUint32(random))).toEqual(take(1000, referenceSfc32(a, b, c, counter)));
  }
});

test("a seed gives the same stream for ever", () => {
  const random = createRandom(42);
  expect(take(4, () => nextUint32(random))).toEqual([1849552023, 4223452576, 118919111, 3893884377]);
  const negative = createRandom(-1, 3);
  expect(take(4, () => nextUint32(negative))).toEqual([754750361, 515773952, 888396814, 854848894]);
});

test("a seed and a stream number each make another stream", () => {
  const firsts = [createRandom(1), createRandom(2), createRandom(1, 1), createRandom(2, 1)].map(nextUint32);
  expect(new Set(firsts).size).toBe(4);
});

test("a copy of the state goes the same way", () => {
  const random = createRandom(9);
  const copy = { ...random };
  expect(take(50, () => nextUint32(copy))).toEqual(take(50, () => nextUint32(random)));
});

test("a number below a limit is whole and below it, and each comes up about equally often", () => {
  const random = createRandom(7);
  const counts = new Array<number>(10).fill(0);
  for (const value of take(100_000, () => nextBelow(random, 10))) counts[value]++;
  expect(counts).toHaveLength(10);
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
});

test("a number between two reaches both, and nothing beyond", () => {
  const random = createRandom(5);
  expect(new Set(take(500, () => nextBetween(random, -2, 2)))).toEqual(new Set([-2, -1, 0, 1, 2]));
  expect(nextBetween(random, 3, 3)).toBe(3);
});

test("the largest limit stays below itself", () => {
  const largest: Random = { a: -1, b: 0, c: 0, counter: 0 };
  expect(nextBelow(largest, 2 ** 32)).toBe(2 ** 32 - 1);
});
