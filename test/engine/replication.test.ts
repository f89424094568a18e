/** Replication from the world's records to what readers know, over the toy game: chunks, frames, interest and budget. */
import type { EntityKind } from "@starwake/shared/engine/entity-kind.ts";
import { nextBelow } from "@starwake/shared/engine/random.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";
import { createReceiver, eventsOf, knowledgeOf, ToyReader, ToyTheatre } from "../support/toy-readers.ts";
import { TOY } from "../support/toy-server.ts";
import { Kind } from "./toy-game.ts";

const TICKS = 200;
const PLENTY_BYTES = 10_000;

const worldSeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });
/** How readers are served: one frame in so many chances, and what each may take. */
const service = fc.record({
  frameOneIn: fc.integer({ min: 1, max: 25 }),
  budgetBytes: fc.integer({ min: 10, max: 600 }),
});

/** Of how many dots one rests for a while. */
const rest = fc.constantFrom(1, 2, 3, Infinity);

/** Readers are told of all in the cells that they see, or only of what is in the view and so far around it. */
const rim = fc.constantFrom(undefined, 0, 30);

describe(`readers of a random world (SEED=${SEED})`, () => {
  test("know exactly the rows of every region as of the tick that it was brought to", () => {
    type Services = { frameOneIn: number; budgetBytes: number }[];
    const check = (seed: number, restOneIn: number, services: Services, leaveMargin: number | undefined) => {
      const theatre = new ToyTheatre(seed, undefined, undefined, restOneIn, leaveMargin);
      const readers = services.map((served) => ({ ...served, reader: new ToyReader(theatre) }));
      for (let tick = 0; tick < TICKS; tick++) {
        theatre.tick();
        for (const { reader, frameOneIn, budgetBytes } of readers) {
          if (nextBelow(theatre.random, frameOneIn) > 0) continue;
          const { snapshot, expected, expectedEvents } = reader.see(budgetBytes);
          expect(knowledgeOf(snapshot!)).toEqual(expected);
          expect(eventsOf(snapshot!)).toEqual(expectedEvents);
        }
      }
    };
    const services = fc.array(service, { minLength: 1, maxLength: 4 });
    fc.assert(fc.property(worldSeed, rest, services, rim, check), withSeed(50));
  });

  test("cost two encodings at most for each region, tick that they know it at and pace, however many they are", () => {
    const check = (seed: number) => {
      const theatre = new ToyTheatre(seed);
      const readers = Array.from({ length: 12 }, () => new ToyReader(theatre));
      for (let tick = 0; tick < 40; tick++) {
        theatre.tick();
        const served = readers.filter(() => nextBelow(theatre.random, 3) === 0);
        for (const reader of served) reader.see(300);
        const wanted = new Set(served.flatMap((reader) => reader.wanted));
        // Where nothing is there is no chunk; where somebody came from next door, those who knew that cell have their own.
        expect(theatre.replicator.encodedChunks).toBeLessThanOrEqual(wanted.size * 2);
      }
    };
    fc.assert(fc.property(worldSeed, check), withSeed(10));
  });

  test("refuse a frame that is cut short, wherever it is cut", () => {
    const { theatre, reader } = watched(SEED);
    for (let length = 0; length < reader.frames[LAST].length; length++) {
      const receiver = createReceiver(theatre);
      for (const frame of reader.frames.slice(0, LAST)) receiver.receive(frame);
      expect(receiver.receive(reader.frames[LAST].subarray(0, length))).toBeUndefined();
    }
  });

  test("refuse a frame with a flipped bit, or hold rows in range; and throw nothing then or later", () => {
    const { theatre, reader } = watched(SEED + 1);
    for (let bit = 0; bit < reader.frames[LAST].length * 8; bit++) {
      const receiver = createReceiver(theatre);
      for (const frame of reader.frames.slice(0, LAST)) receiver.receive(frame);
      const flipped = reader.frames[LAST].slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      receiver.receive(flipped)?.kinds.forEach((entities, kind) => {
        for (const { row } of entities.values()) expectInRange(TOY.kinds[kind], row);
      });
      receiver.receive(reader.frames[LAST + 1]);
    }
  });
});

test("what does not fit a budget comes later, but it comes", () => {
  const theatre = new ToyTheatre(7, 600);
  const [poor, rich] = [new ToyReader(theatre), new ToyReader(theatre)];
  /** Since when the reader has waited for each region that it looks at. */
  let waits = new Map<number, number>();
  let longest = 0;
  for (let tick = 0; tick < 200; tick++) {
    theatre.tick();
    poor.see(50);
    rich.see(PLENTY_BYTES);
    const { window } = poor.interest;
    waits = new Map(window.map((region, place) => [region, poor.interest.knownAt(place) ?? waits.get(region) ?? tick]));
    longest = Math.max(longest, ...[...waits.values()].map((since) => theatre.world.tick - since));
  }
  const [spent, wanted] = [poor, rich].map(({ frames }) => frames.reduce((sum, { length }) => sum + length, 0));
  expect(spent).toBeLessThan(wanted * 0.8);
  expect(longest).toBeLessThan(30);
});

test("regions in which nothing happens cost a bit each", () => {
  const theatre = new ToyTheatre(3, 2000, 0);
  const reader = new ToyReader(theatre);
  for (let tick = 0; tick < 3; tick++) {
    theatre.tick();
    reader.see(PLENTY_BYTES);
  }
  const [, , { length }] = reader.frames;
  expect(length * 8).toBeLessThan(HEAD_BITS + reader.interest.window.length + 8);
});

test("what rests costs nothing, however much of it there is", () => {
  const theatre = new ToyTheatre(3, 600, 200, 1);
  const reader = new ToyReader(theatre);
  for (let tick = 0; tick < 100; tick++) {
    theatre.tick();
    reader.see(PLENTY_BYTES);
  }
  const known = [...reader.snapshot!.kinds[Kind.Dot].values()];
  expect(known.length).toBeGreaterThan(20);
  expect(known.every(({ tick }) => tick === theatre.world.tick)).toBe(true);
  expect(reader.frames.at(-1)!.length * 8).toBeLessThan(HEAD_BITS + reader.interest.window.length + 8);
});

test("a random world has what the tests above are about: darts that come flying in, pops, and dots out of sight", () => {
  const theatre = new ToyTheatre(SEED);
  let [gates, pops, hidden] = [0, 0, 0];
  for (let tick = 0; tick < TICKS; tick++) {
    theatre.tick();
    const { kinds, events } = theatre.history.at(theatre.world.tick)!;
    const { count: cells, regionCount } = theatre.history.format.grid;
    gates += kinds[Kind.Dart].starts[regionCount] - kinds[Kind.Dart].starts[cells];
    pops += events[0].count;
    hidden += kinds[Kind.Dot].count - kinds[Kind.Dot].starts[regionCount];
  }
  expect([gates, pops, hidden].every((count) => count > 10)).toBe(true);
});

/** Tag, tick, margin, usual gap, and where a view is that steers nothing. */
const HEAD_BITS = 8 + 16 + 11 + 6 + 1 + 48;
const LAST = 5;

/** A reader who has seen some frames of a random world, each some ticks after the one before. */
function watched(seed: number): { theatre: ToyTheatre; reader: ToyReader } {
  const theatre = new ToyTheatre(seed);
  const reader = new ToyReader(theatre);
  for (let frame = 0; frame <= LAST + 1; frame++) {
    for (let tick = 0; tick < 3; tick++) theatre.tick();
    reader.see(PLENTY_BYTES);
  }
  return { theatre, reader };
}

function expectInRange(kind: EntityKind, row: Int32Array): void {
  kind.publicFields.forEach((field) => {
    expect(row[field]).toBeGreaterThanOrEqual(kind.fields[field].min);
    expect(row[field]).toBeLessThanOrEqual(kind.fields[field].max);
  });
}
