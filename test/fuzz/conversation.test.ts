/** What fuzzers say: repeatable from a seed, and of every kind that it is meant to be of. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { HELLO, helloText, text, upgradeRequest } from "../attack/wire-bytes.ts";
import { SEED, withSeed } from "../support/seed.ts";
import { conversationOf, Next, type Step } from "./conversation.ts";
import { cut } from "./segments.ts";

const TOKEN = "T".repeat(22);
const UPGRADE = upgradeRequest(3000);
const CONVERSATIONS = 200;

const conversation = (number: number, token = TOKEN) => conversationOf(SEED, number, 3000, token);
const bytesOf = (steps: readonly Step[]) => Buffer.concat(steps.map(({ bytes }) => bytes));
const all = Array.from({ length: CONVERSATIONS }, (_, number) => conversation(number));
/** Of a seed that never changes: whether something rare occurs among so few is not left to chance. */
const known = Array.from({ length: CONVERSATIONS }, (_, number) => conversationOf(1, number, 3000, TOKEN));

describe(`[seed ${SEED}]`, () => {
  test("the same seed and number give the same conversation, to the byte and the cut", () => {
    for (let number = 0; number < 20; number++) expect(conversation(number)).toEqual(all[number]);
  });

  test("another number, and another seed, give another one", () => {
    expect(bytesOf(all[1])).not.toEqual(bytesOf(all[0]));
    expect(bytesOf(conversationOf(SEED + 1, 0, 3000, TOKEN))).not.toEqual(bytesOf(all[0]));
  });

  test("a token changes what is said and nothing else", () => {
    for (let number = 0; number < 20; number++) {
      const other = conversation(number, "U".repeat(22));
      expect(other.map(({ bytes }) => bytes.length)).toEqual(all[number].map(({ bytes }) => bytes.length));
    }
  });

  test("no segment is empty, and a conversation asks after each burst", () => {
    expect(all.flat().filter(({ bytes }) => bytes.length === 0)).toEqual([]);
    const questions = all.flat().filter(({ next }) => next === Next.Ask).length;
    expect(questions).toBeGreaterThan(CONVERSATIONS);
  });

  test.for<[string, (bytes: Buffer, steps: readonly Step[]) => boolean]>([
    ["the right hello", (bytes) => bytes.includes(text(HELLO))],
    [
      "a hello that joins",
      (bytes) => bytes.includes(text(helloText({ join: { name: "Ada", room: { kind: "quick" } } }))),
    ],
    ["an upgrade and more in one segment", (_, [{ bytes }]) => bytes.indexOf("\r\n\r\n") < bytes.length - 4],
    ["no right upgrade", (bytes) => !bytes.subarray(0, UPGRADE.length).equals(UPGRADE)],
    ["every byte by itself", (_, steps) => steps.filter(({ bytes }) => bytes.length === 1).length > 250],
    ["a flood", (_, steps) => steps.some(({ frames }) => frames > 2_000)],
    ["more than ten thousand bytes", (bytes) => bytes.length > 10_000],
  ])("some conversations have %s, others have not", ([, hasIt]) => {
    const count = known.filter((steps) => hasIt(bytesOf(steps), steps)).length;
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(CONVERSATIONS);
  });

  test("however bytes are cut, the pieces are the bytes, in order", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 60 }), fc.array(fc.integer()), (some, places) => {
        const bytes = Buffer.from(some);
        const pieces = cut(bytes, places);
        expect(Buffer.concat(pieces)).toEqual(bytes);
        expect(pieces.every(({ length }) => length > 0)).toBe(true);
      }),
      withSeed(200),
    );
  });
});
