/** The names of a room: none looks like another, and nobody but a pilot has a pilot's. */
import { readFileSync } from "node:fs";
import { NameBook } from "@starwake/server/engine/names/name-book.ts";
import { skeletonsOf } from "@starwake/server/engine/names/skeletons.ts";
import { CALL_SIGNS } from "@starwake/server/game/call-signs.ts";
import { cleanName } from "@starwake/shared/engine/player-name.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SEED, withSeed } from "../support/seed.ts";

const NAMES = new URL("../../server/engine/names/", import.meta.url);
const UNICODES_TABLE = new URL("confusables.txt", NAMES);
const OUR_TABLE = new URL("drawn-alike.txt", NAMES);

/** Names given to players 1, 2, … who wish for these. */
function enterAll(book: NameBook, wishes: readonly string[]): string[] {
  return wishes.map((wish, index) => book.enterPlayer(index + 1, wish));
}

const isName = (text: string) => "name" in cleanName(text);

const fromHex = (digits: string) => String.fromCodePoint(Number.parseInt(digits, 16));

function linesOf(table: URL): { prototype: string; characters: string[] }[] {
  const lines = readFileSync(table, "utf8").match(/^[0-9a-f]+[^ \n]*/gm)!;
  return lines.map((line) => {
    const [prototype, characters] = line.split("=");
    return {
      prototype: prototype.split("+").map(fromHex).join(""),
      characters: characters.split(",").map(fromHex),
    };
  });
}

const doLookAlike = (one: string, other: string) =>
  skeletonsOf(one).some((skeleton) => skeletonsOf(other).includes(skeleton));

const SMALL_CAPITALS = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡxʏᴢ";
const inSmallCapitals = (name: string) =>
  name.toLowerCase().replace(/[a-z]/g, (letter) => SMALL_CAPITALS[letter.charCodeAt(0) - 0x61]);

describe("names look alike that differ", () => {
  test.for([
    ["in nothing", "Ace", "Ace"],
    ["in their case", "Ace", "aCE"],
    ["in the case of another script", "Жанна", "ЖАННА"],
    ["by letters of Cyrillic", "Ace", "Асе"],
    ["by one letter of Greek", "Nova", "Nοva"],
    ["by full-width letters", "Ace", "Ａｃｅ"],
    ["by letters of mathematics", "Ace", "𝓐𝓬𝓮"],
    ["by small capitals", "Fox of Jupiter", "ꜰᴏx ᴏꜰ ᴊᴜᴘɪᴛᴇʀ"],
    ["by one small capital", "Kim", "Kiᴍ"],
    ["by small capitals that are superscripts", "Bill", "𐞄ᶦᶫᶫ"],
    ["by small capitals of another script", "ΛΨΩ", "ᴧᴪꭥ"],
    ["by a small capital that is another script's small letter", "нет", "ʜет"],
    ["by superscripts", "Chris", "ᶜʰʳⁱˢ"],
    ["by one superscript", "Chris", "Chriˢ"],
    ["by a superscript that a syllable of Canada looks like", "Chriˢ", "Chriᣵ"],
    ["by a digit of full width", "Boss0", "Boss０"],
    ["by a digit in superscript", "Boss9", "Boss⁹"],
    ["by a letter of Arabic that is joined already", "سؤال", "سﺅال"],
    ["by a letter of Tifinagh", "Иван", "ⵍван"],
    ["by a turned H", "Чук", "Ɥук"],
    ["by an omega of Cyrillic", "ωmega", "ѡmega"],
    ["by a vowel of Devanagari that is written in two", "ओम", "अोम"],
    ["by a vowel of Kannada that is written in two", "ಔ", "ಒೌ"],
    ["by a vowel of Sinhala that is written in two", "ආ", "අා"],
    ["by I for l", "Alex", "AIex"],
    ["by l for the I of its capitals", "Sirius", "SlRlUS"],
    ["by 0 for O", "Orion", "0rion"],
    ["by rn for m", "Mintaka", "rnintaka"],
    ["by a Roman numeral", "VIII", "Ⅷ"],
    ["by a dot over a dot", "Mira", "Mi\u0307ra"],
    ["by a joiner that shows nothing", "دا", "د\u200cا"],
    ["by a family that stands apart", "👨\u200d👩\u200d👧", "👨👩👧"],
    ["by a flag that is drawn as another", "🇺🇸", "🇺🇲"],
    ["by the order that a screen does not show", "א1ב", "ב1א"],
  ])("%s", ([, one, other]) => {
    expect(doLookAlike(one, other)).toBe(true);
  });

  test.for([
    ["Ace", "Aces"],
    ["Ace", "Ace 2"],
    ["Zoe", "Zoë"],
    ["Ace日本", "Ace日木"],
    ["Ada", "Ida"],
    ["דן", "נד"],
    ["🇳🇴", "🇸🇪"],
  ])("but %s and %s do not", ([one, other]) => {
    expect(doLookAlike(one, other)).toBe(false);
  });
});

test.for([
  ["compatibility form", (letter: string) => letter.normalize("NFKC")],
  ["small letter", (letter: string) => letter.toLowerCase()],
  ["capital", (letter: string) => letter.toUpperCase()],
] as const)("every letter that names have looks like its %s", ([, formOf]) => {
  const letters = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code));
  const others = letters.filter((letter) => formOf(letter) !== letter && isName(letter));
  expect(others.length).toBeGreaterThan(1_000);
  expect(others.filter((letter) => !doLookAlike(letter, formOf(letter)))).toEqual([]);
});

test("a small capital looks like the letters of the alphabet that its own letter looks like, and no others", () => {
  const alphabet = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  for (const letter of alphabet) {
    const alike = alphabet.filter((other) => doLookAlike(inSmallCapitals(letter), other));
    expect(alike).toEqual(alphabet.filter((other) => doLookAlike(letter, other)));
  }
});

test("every letter that names have looks like its prototype, which is Unicode's if our own table has none", () => {
  const ours = new Set(linesOf(OUR_TABLE).flatMap(({ characters }) => characters));
  const pairs = linesOf(UNICODES_TABLE).flatMap(({ prototype, characters }) =>
    characters.map((character) => ({ character, prototype })),
  );
  const ofNames = pairs.filter(
    ({ character }) => character === character.normalize("NFD") && isName(character) && !ours.has(character),
  );
  expect(ofNames.length).toBeGreaterThan(4_000);
  expect(ofNames.filter(({ character, prototype }) => !doLookAlike(character, prototype))).toEqual([]);
});

test("every letter of our own table looks like its prototype, and is there once, in plain form", () => {
  const lines = linesOf(OUR_TABLE);
  expect(lines.length).toBeGreaterThan(30);
  for (const { prototype, characters } of lines)
    for (const character of characters) expect(doLookAlike(`म${character}`, `म${prototype}`)).toBe(true);
  const characters = lines.flatMap((line) => line.characters);
  expect(new Set(characters).size).toBe(characters.length);
  expect(characters.filter((character) => character.normalize("NFKD") !== character)).toEqual([]);
});

describe("a name that is not free gets a number:", () => {
  test("the next that is", () => {
    const given = enterAll(new NameBook([]), ["Ace", "Ace", "ace", "Асе", "Ace 3", "Bee"]);
    expect(given).toEqual(["Ace", "Ace 2", "ace 3", "Асе 4", "Ace 5", "Bee"]);
  });

  test("with as many letters cut off as it takes, and no joiner left at the end", () => {
    const sixteen = "sixteen letters!";
    expect(enterAll(new NameBook([]), [sixteen, sixteen])[1]).toBe("sixteen letter 2");
    const joined = "می\u200cرودمیرودمیر\u200cرود";
    const [, second] = enterAll(new NameBook([]), [joined, joined]);
    expect(cleanName(second)).toEqual({ name: second });
    expect(second).toMatch(/ 2$/);
  });

  test("the player's own, when the first ones are all taken", () => {
    const given = enterAll(
      new NameBook([]),
      Array.from({ length: 30 }, () => "Ace"),
    );
    expect(given.slice(0, 9)).toEqual(["Ace", ...[2, 3, 4, 5, 6, 7, 8, 9].map((number) => `Ace ${number}`)]);
    expect(given[29]).toBe("Ace 30");
    expect(new Set(given).size).toBe(30);
  });

  test("or their number as a guest, when somebody has that, too", () => {
    const book = new NameBook([]);
    for (let player = 1; player < 10; player++) book.enterPlayer(player, "Ace");
    book.enterPlayer(10, "Ace 12");
    expect(book.enterPlayer(12, "Ace")).toBe("Guest 12");
  });

  test("until its owner leaves", () => {
    const book = new NameBook([]);
    enterAll(book, ["Ace", "Ace"]);
    book.leave(1);
    expect(book.enterPlayer(3, "Ace")).toBe("Ace");
    book.leave(99);
    expect(book.enterPlayer(4, "Ace")).toBe("Ace 3");
  });
});

describe("names are kept", () => {
  test("for pilots, in any spelling, whether they are there or not", () => {
    const book = new NameBook(CALL_SIGNS);
    for (const [index, name] of CALL_SIGNS.entries()) {
      for (const spelling of [name, name.toUpperCase(), name.replaceAll("a", "а"), name.replaceAll("l", "I")])
        expect(doLookAlike(book.enterPlayer(index + 1, spelling), name)).toBe(false);
    }
    for (const [index, name] of CALL_SIGNS.entries()) expect(book.enterPilot(1_000 + index, name)).toBe(name);
  });

  test("for pilots, in small capitals", () => {
    for (const name of CALL_SIGNS) {
      const wish = inSmallCapitals(name);
      expect(new NameBook(CALL_SIGNS).enterPlayer(1, wish)).not.toBe(wish);
    }
  });

  test("from a pilot that comes later by the player who has one", () => {
    const book = new NameBook(["Vega"]);
    expect(enterAll(book, ["Vega", "Ace"])).toEqual(["Vega 2", "Ace"]);
    expect(book.enterPilot(7, "Vega")).toBe("Vega");
    expect(book.enterPilot(8, "Vega")).toBe("Vega 3");
    expect(book.enterPilot(9, "Ace")).toBe("Ace 2");
  });

  test.for([
    "",
    "Guest",
    "Guest 7",
    "guest7",
    "GUEST  77",
    "Guеst 7",
    "Ｇｕｅｓｔ ７",
    "Guest ٧",
    "Guest-7",
    "Guest lO",
    "Guest Ⅶ",
    "ᴳᵘᵉˢᵗ 7",
    "ɢᴜᴇsᴛ 7",
    "Gueˢt 7",
  ])("for guests: who wishes for %j is one, under their own number", (wish) => {
    expect(new NameBook([]).enterPlayer(12, wish)).toBe("Guest 12");
  });

  test("for guests, whatever looks like a digit", () => {
    const lines = linesOf(UNICODES_TABLE).filter(({ prototype }) => /^[0-9]$/.test(prototype));
    const digits = lines.flatMap(({ characters }) => characters);
    expect(digits.length).toBeGreaterThan(50);
    for (const digit of digits) {
      const cleaned = cleanName(`Guest ${digit}`);
      if (!("name" in cleaned)) continue;
      expect(new NameBook([]).enterPlayer(12, cleaned.name)).toBe("Guest 12");
    }
  });

  test.for(["Guesthouse", "A Guest", "Gust 7"])("not for guests: %j", (wish) => {
    expect(new NameBook([]).enterPlayer(12, wish)).toBe(wish);
  });
});

const wish = fc
  .array(fc.constantFrom("A", "а", "a", "I", "l", "1", "2", " ", "é", "م", "א", "ᠠ", "👨", "葛", "-", "Guest "), {
    maxLength: 18,
  })
  .map((letters) => cleanName(letters.join("")))
  .filter((cleaned) => "name" in cleaned)
  .map(({ name }) => name);

test(`whoever comes and goes, no two names look alike, and each may be shown (seed ${SEED})`, () => {
  const coming = fc.array(
    fc.record({ player: fc.integer({ min: 1, max: 6 }), wish, isPilot: fc.boolean(), leaves: fc.boolean() }),
    {
      maxLength: 20,
    },
  );
  fc.assert(
    fc.property(coming, (comings) => {
      const book = new NameBook(["Al", "Ila"]);
      const names = new Map<number, string>();
      for (const { player, wish, isPilot, leaves } of comings) {
        book.leave(player);
        names.delete(player);
        if (leaves) continue;
        const name = isPilot && wish !== "" ? book.enterPilot(player, wish) : book.enterPlayer(player, wish);
        for (const other of names.values()) expect(doLookAlike(name, other)).toBe(false);
        expect(cleanName(name)).toEqual({ name });
        names.set(player, name);
      }
    }),
    withSeed(300),
  );
});

test("the table names its Unicode version and has all its characters, each with a prototype that has none", () => {
  const text = readFileSync(UNICODES_TABLE, "utf8");
  const [, version, count] = /^# Look-alikes of Unicode (\d+\.\d+\.\d+): .*, (\d+) characters\.\n/.exec(text)!;
  expect(version).toBe("17.0.0");
  const lines = linesOf(UNICODES_TABLE);
  const characters = lines.flatMap((line) => line.characters);
  expect(characters.length).toBe(Number(count));
  expect(new Set(characters).size).toBe(characters.length);
  const prototypes = lines.flatMap(({ prototype }) => [...prototype]);
  expect(prototypes.filter((prototype) => characters.includes(prototype))).toEqual([]);
});
