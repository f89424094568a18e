/**
 * What each character looks like: its prototype, the one character or sequence that stands for all that look like it. After
 * confusables.txt, the table of Unicode (UTS 39), and drawn-alike.txt, which adds what that does not have. Each line is
 * followed to its end: ０ is a 0, 0 looks like O, and O counts as o.
 */
import { readFileSync } from "node:fs";

/** Two steps lead to the end, and a third finds it to be one; a table that needs more than these goes round in a circle. */
const MOST_STEPS = 8;

const table = new Map([...readTable("confusables.txt"), ...readTable("drawn-alike.txt")]);
const ascii = Array.from({ length: 0x7f - 0x20 }, (_, index) => String.fromCharCode(0x20 + index));
/** The letters of most names are found at the first look-up. */
const ends = new Map([...ascii, ...table.keys()].map((character) => [character, endOf(character)]));

/** The text with each character's prototype in its place, all in small letters. Mapped again, it stays as it is. */
export function toPrototypes(text: string): string {
  let mapped = "";
  for (const character of text) mapped += prototypeOf(character);
  return mapped;
}

function prototypeOf(character: string): string {
  const end = ends.get(character);
  if (end !== undefined) return end;
  const small = character.toLowerCase();
  return ends.get(small) ?? small;
}

/** @throws when the tables go round in a circle */
function endOf(character: string): string {
  let end = inTable(character);
  for (let step = 0; step < MOST_STEPS; step++) {
    const next = inTable(end.normalize("NFKD").toLowerCase().normalize("NFKD"));
    if (next === end) return end;
    end = next;
  }
  throw new Error(`the look-alikes of ${character} go round in a circle: mend the tables of server/engine/names`);
}

function inTable(text: string): string {
  return Array.from(text, (character) => table.get(character) ?? character).join("");
}

/** Lines as make-confusables.ts writes them; what stands behind # is for readers. */
function readTable(file: string): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  const text = readFileSync(new URL(file, import.meta.url), "utf8");
  for (const line of text.split("\n")) {
    const [entry] = line.split(/ *#/);
    if (entry === "") continue;
    const [prototype, characters] = entry.split("=");
    const looks = prototype.split("+").map(fromHex).join("");
    for (const character of characters.split(",")) table.set(fromHex(character), looks);
  }
  return table;
}

function fromHex(digits: string): string {
  return String.fromCodePoint(Number.parseInt(digits, 16));
}
