/** Players' names: which letters are let through, what becomes of the others, and what is said of those that are refused. */
import { isOfScript } from "@starwake/shared/engine/name-marks.ts";
import { cleanName, lettersOf, MAX_NAME_LENGTH, MAX_TYPED_NAME_UNITS } from "@starwake/shared/engine/player-name.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const FAMILY = "👨\u200d👩\u200d👧";
const RAINBOW = "🏳\ufe0f\u200d🌈";
/** Consonants that count as one letter, where they join. */
const MOST_JOINED = 5;
const SCOTLAND = "🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}";

describe("shown as it was typed is", () => {
  test.for([
    "Ada",
    "",
    "Жанна",
    "星の航跡",
    "Ace日本",
    "ジョン・スミス",
    "Gal·la",
    "Kaʻiulani",
    "Zoë",
    "🚀 ace",
    "O'Neil-2.0_*!?~+",
    "sixteen letters!",
    "می\u200cرود",
    "പ്രവീണ്\u200d",
    "ශ්\u200dරී",
    "র\u200d্যাব",
    "ज़ाँ",
    "कार्त्स्न्य",
    "क्षत्रिय",
    "ᄒᆞᆫ글",
    "ကျော်",
    "བསྒྲུབས",
    "שָׁלוֹם",
    "น้ำ",
    "ᠠ\u180bᠠ",
    FAMILY,
    RAINBOW,
    SCOTLAND,
    "🇩🇪",
    "1\ufe0f\u20e3",
    "👍🏽",
    "🚀".repeat(16),
    FAMILY.repeat(16),
  ])("%j", (name) => {
    expect(cleanName(name)).toEqual({ name });
  });
});

describe("what only some keyboards have becomes what all have:", () => {
  test.for([
    ["  Ada   Lovelace ", "Ada Lovelace"],
    ["   ", ""],
    ["\u3000\u2003", ""],
    ["Ada\u00a0B", "Ada B"],
    ["Ada\u3000B", "Ada B"],
    ["Zoe\u0308", "Zoë"],
    ["D’Artagnan", "D'Artagnan"],
    ["‘Ace‛", "'Ace'"],
    ["Oʼneil", "O'neil"],
    ["Ada – B", "Ada - B"],
    ["a—b―c‒d‐e‑f−g", "a-b-c-d-e-f-g"],
    ["Ａｃｅ－１！", "Ａｃｅ-１!"],
    ["Ace…", "Ace..."],
    ["葛\u{e0100}城", "葛城"],
    ["❤", "❤\ufe0f"],
    ["🏳\u200d🌈", RAINBOW],
    ["1\u20e3", "1\ufe0f\u20e3"],
  ])("%j is shown as %j", ([typed, name]) => {
    expect(cleanName(typed)).toEqual({ name });
  });
});

test("every mark goes with letters of some script, whatever Unicode this Node knows", () => {
  const characters = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));
  const marks = characters.filter((character) => /^\p{M}$/u.test(character));
  expect(marks.length).toBeGreaterThan(2_000);
  expect(marks.filter((mark) => !isOfScript(mark, mark))).toEqual([]);
});

describe("refused is, and the letter is shown,", () => {
  test.for([
    ["a Hangul filler", "\u3164", "Letter 1, U+3164, cannot be seen."],
    ["a filler between letters", "A\u3164B", "Letter 2, U+3164, cannot be seen."],
    ["a choseong filler", "\u115f\u1160", "Letter 1, U+115F, cannot be seen."],
    ["a half-width filler", "\uffa0", "Letter 1, U+FFA0, cannot be seen."],
    ["a variation selector behind a letter", "Ace\ufe00", "Letter 3, U+FE00, cannot be seen."],
    ["an emoji selector behind a letter", "Ace\ufe0f", "Letter 3, U+FE0F, cannot be seen."],
    ["a selector of the second set", "A\u{e0101}ce", "Letter 1, U+E0101, cannot be seen."],
    ["a grapheme joiner", "A\u034fce", "Letter 1, U+034F, cannot be seen."],
    ["a tag", "A\u{e0041}", "Letter 1, U+E0041, cannot be seen."],
    ["a soft hyphen", "A\u00adce", "Letter 2, U+00AD, cannot be seen."],
    ["a word joiner", "A\u2060ce", "Letter 2, U+2060, cannot be seen."],
    ["an inherent vowel of Khmer", "ក\u17b4", "Letter 1, U+17B4, cannot be seen."],
    ["a blank of Braille", "\u2800", "Letter 1, U+2800, cannot be seen."],
    ["a blank of Egyptian", "\u{13441}", "Letter 1, U+13441, cannot be seen."],
    ["a joiner between letters that do not join", "a\u200db", "Letter 1, U+200D, cannot be seen."],
    ["a non-joiner at the end", "می\u200c", "Letter 2, U+200C, cannot be seen."],
    ["a joiner alone", "\u200d", "Letter 1, U+200D, cannot be seen."],
    ["two joiners in a row", "می\u200c\u200cرود", "Letter 2, U+200C, cannot be seen."],
    ["a Mongolian selector behind a letter of Latin", "A\u180b", "Letter 1, U+180B, cannot be seen."],
    ["a zero-width space", "a\u200bb", "Letter 2, U+200B, cannot be seen."],
    ["a byte order mark", "a\ufeffb", "Letter 2, U+FEFF, cannot be seen."],
    ["a right-to-left override", "a\u202egnp.exe", "Letter 2, U+202E, cannot be seen."],
    ["a bidirectional isolate", "a\u2066b\u2069", "Letter 2, U+2066, cannot be seen."],
    ["a right-to-left mark", "a\u200fb", "Letter 2, U+200F, cannot be seen."],
    ["an Arabic letter mark", "a\u061cb", "Letter 2, U+061C, cannot be seen."],
    [
      "three marks on a letter",
      `z${"\u0335".repeat(3)}`,
      "Letter 1, “z”, carries more marks than can be read (U+0335).",
    ],
    ["different marks piled up", "z\u0335\u0336\u0337", "Letter 1, “z”, carries more marks than can be read (U+0337)."],
    ["one Thai mark three times", "ก้้้", "Letter 1, “ก”, carries more marks than can be read (U+0E49)."],
    ["a mark with nothing below it", "\u0335z", "Letter 1, U+0335, is a mark without a letter to carry it."],
    ["a mark on a space", "a \u0301b", "Letter 2, U+0301, is a mark without a letter to carry it."],
    [
      "a mark of Bengali on a letter of Devanagari",
      "क\u09be",
      "Letter 1, “क”, carries a mark of another script (U+09BE).",
    ],
    ["a mark of Devanagari on a digit", "5\u093e", "Letter 1, “5”, carries a mark of another script (U+093E)."],
    ["a joiner of Tifinagh behind Latin", "A\u2d7f", "Letter 1, “A”, carries a mark of another script (U+2D7F)."],
    ["a stacker of Burmese behind Latin", "A\u1039", "Letter 1, “A”, carries a mark of another script (U+1039)."],
    [
      "a stacker of Khmer that stacks nothing",
      "ក\u17d2",
      "Letter 1, U+17D2, cannot be seen without a letter behind it.",
    ],
    ["a stacker before a space", "က\u1039 က", "Letter 1, U+1039, cannot be seen without a letter behind it."],
    ["a flag that is none", "🇽🇽", "Letter 1, U+1F1FD U+1F1FD, is no emoji that every device has."],
    ["emoji that do not join", "🚀\u200d🚀", "Letter 1, U+1F680 U+200D U+1F680, is no emoji that every device has."],
    ["17 letters", "x".repeat(17), "This name has 17 letters: 16 is the most."],
    ["40 letters", "ä".repeat(40), "This name has 40 letters: 16 is the most."],
    ["17 letters, far apart", "ä ".repeat(17), "This name has 33 letters: 16 is the most."],
    ["41 letters", "ä".repeat(41), "This name has more than 40 letters: 16 is the most."],
    ["a letter that stands for 18", "\ufdfa", "This name has 18 letters: 16 is the most."],
    ["letters of Hangul that pile up in one", "ᄀ".repeat(100), "This name has more than 40 letters: 16 is the most."],
    ["endings that pile up on a syllable", `가${"ᆨ".repeat(99)}`, "This name has more than 40 letters: 16 is the most."],
    ["consonants that join without end", `${"क्".repeat(50)}क`, "This name has more than 40 letters: 16 is the most."],
    ["10,000 letters", "x".repeat(10_000), "This name has far more letters than 16."],
    ["200 marks", `a${"\u0301".repeat(200)}`, "Letter 1, “á”, carries more marks than can be read (U+0301)."],
  ])("%s", ([, typed, problem]) => {
    expect(cleanName(typed)).toEqual({ problem });
  });

  test.for([
    ["a line break", "one\ntwo", "Letter 4, U+000A,"],
    ["a tab", "one\ttwo", "Letter 4, U+0009,"],
    ["the character 0", "a\u0000b", "Letter 2, U+0000,"],
    ["an escape sequence", "\u001b[31mred", "Letter 1, U+001B,"],
    ["a control character of the second set", "a\u0085b", "Letter 2, U+0085,"],
    ["half of a pair", "a\ud83d", "Letter 2, U+D83D,"],
    ["letters of private use", "a\ue000b", "Letter 2, U+E000,"],
    ["an HTML element", "<b>bold</b>", "Letter 1, “<” (U+003C),"],
    ["an HTML entity", "&lt;b&gt;", "Letter 1, “&” (U+0026),"],
    ["a quote that ends an attribute", '"onload=x', 'Letter 1, “"” (U+0022),'],
  ])("%s", ([, typed, begin]) => {
    const cleaned = cleanName(typed);
    const end = " is none of those that names have: letters, digits, emoji, spaces and ._-'!?~*+·・.";
    expect(cleaned).toEqual({ problem: begin + end });
  });
});

/** Letters of all kinds, and everything that has something to do to them. */
const letter = fc.oneof(
  fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }),
  fc.constantFrom(
    "\u200d",
    "\u200c",
    "\ufe0f",
    "\u{e0100}",
    "\u3164",
    "\u0307",
    "\u0301",
    "\u20e3",
    " ",
    "\u3000",
    "’",
    "ʼ",
  ),
  fc.constantFrom(
    "a",
    "I",
    "1",
    "م",
    "ر",
    "ക",
    "്",
    "か",
    "\u3099",
    "ᄀ",
    "ᅡ",
    "葛",
    "ᠠ",
    "\u180b",
    "\u05d0",
    FAMILY,
    "🏳",
    "🌈",
    "🇩",
    "🇪",
  ),
);
const typedText = fc.array(letter, { maxLength: 24 }).map((letters) => letters.join(""));

test(`whatever is typed is refused with a sentence, or becomes a name that is well-formed, short, seen and stays as it is (seed ${SEED})`, () => {
  let names = 0;
  fc.assert(
    fc.property(typedText, (typed) => {
      const cleaned = cleanName(typed);
      if ("problem" in cleaned) {
        expect(cleaned.problem).toMatch(/^(Letter \d+|This name).*\.$/su);
        return;
      }
      const { name } = cleaned;
      names++;
      expect(cleanName(name)).toEqual({ name });
      expect(name.isWellFormed()).toBe(true);
      expect(lettersOf(name).length).toBeLessThanOrEqual(MAX_NAME_LENGTH);
      for (const seen of lettersOf(name))
        expect(seen.match(/[\p{L}\p{N}]/gu)?.length ?? 0).toBeLessThanOrEqual(MAX_NAME_LENGTH + MOST_JOINED);
      expect(name.length).toBeLessThanOrEqual(MAX_TYPED_NAME_UNITS);
      expect(name).not.toMatch(/[\p{Cc}\p{Co}\p{Cs}\p{Cn}\u202a-\u202e\u2066-\u2069<>&"]|^\s|\s$|\s\s/u);
      for (const seen of lettersOf(name)) expect(seen).toMatch(/[\p{L}\p{N}\p{P}\p{S}\p{M} ]/u);
    }),
    withSeed(3_000),
  );
  expect(names).toBeGreaterThan(30);
});

test("no code point that Unicode calls ignorable is a name, nor stays in one behind a letter", () => {
  const kept = [];
  for (let codePoint = 0; codePoint <= 0x10ffff; codePoint++) {
    const character = String.fromCodePoint(codePoint);
    if (!/\p{Default_Ignorable_Code_Point}/u.test(character)) continue;
    for (const typed of [character, `A${character}`, `${character}A`, `A${character}b`])
      if ("name" in cleanName(typed)) kept.push(codePoint.toString(16));
  }
  expect(kept).toEqual([]);
});

test("letters of ASCII, which are read past the segmenter, are those that it would tell", () => {
  const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
  const signs = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
  for (const one of signs) {
    const text = signs.map((other) => one + other).join("");
    expect(lettersOf(text)).toEqual(Array.from(segmenter.segment(text), ({ segment }) => segment));
  }
});
