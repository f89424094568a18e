/**
 * Skeletons of names: two names that look alike have one in common. After UTS 39 of Unicode, whose table of look-alikes is
 * confusables.txt, and wider than it in four ways: letters count as the same in any case, in their full-width and other
 * compatibility forms, what right-to-left letters put into another order on the screen counts in any order, and flags that
 * are drawn alike count as one.
 */
import { readFileSync } from "node:fs";

const prototypes = readTable(readFileSync(new URL("confusables.txt", import.meta.url), "utf8"));

/** None of these is decomposed, or looks like nothing. */
const ASCII = /^[ -~]*$/;
const IGNORABLE = /\p{Default_Ignorable_Code_Point}/gu;
/** A dot over a letter that has one is not seen. */
const DOT_OVER_DOT = /(\p{Soft_Dotted})\u0307/gu;
/** The blocks that Unicode keeps for scripts written from right to left. */
const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}]/u;
const KEEPS_ITS_PLACE = /[^\p{L}\p{M} ]|\p{Nd}/u;
const LEFT_TO_RIGHT = /(?![\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC\u{10800}-\u{10FFF}\u{1E800}-\u{1EFFF}])\p{L}/u;

/**
 * Territories (ISO 3166) whose flag is another's: by law, in what devices draw, or at the size of a letter. The first of each
 * line stands for all.
 */
const FLAGS_ALIKE = [
  "AU HM",
  "ES EA",
  "FR BL CP GF GP MF MQ PM RE WF YT",
  "ID MC",
  "IO DG",
  "NL BQ LU",
  "NO BV SJ",
  "RO TD",
  "US UM",
];
const FLAG = /\p{RI}{2}/gu;
const alikeFlags = new Map(
  FLAGS_ALIKE.flatMap((line) => {
    const [prototype, ...others] = line.split(" ").map(flagOf);
    return others.map((flag) => [flag, prototype]);
  }),
);

/**
 * A name's skeletons: as it is written, in small letters and in capitals, since letters may look alike in one case only (I
 * and l). Names that share none do not look alike.
 * @param name cleaned, see shared/engine/player-name.ts
 */
export function skeletonsOf(name: string): readonly string[] {
  const inCases = [name, name.toLowerCase(), name.toUpperCase()].map(skeletonOf);
  return [...new Set(isReordered(name) ? [...inCases, ...inCases.map(inAnyOrder)] : inCases)];
}

function skeletonOf(text: string): string {
  if (ASCII.test(text)) return toPrototypes(toPrototypes(text).toLowerCase());
  const drawn = text.replace(FLAG, (flag) => alikeFlags.get(flag) ?? flag);
  const seen = toPrototypes(drawn.normalize("NFD").replace(IGNORABLE, ""));
  const plain = toPrototypes(seen.normalize("NFKD").toLowerCase().normalize("NFD"));
  return plain.replace(DOT_OVER_DOT, "$1").normalize("NFD");
}

function toPrototypes(text: string): string {
  let mapped = "";
  for (const character of text) mapped += prototypes.get(character) ?? character;
  return mapped;
}

/** Whether letters stand in another order on the screen than in the text, and not simply from right to left. */
function isReordered(name: string): boolean {
  return RIGHT_TO_LEFT.test(name) && (KEEPS_ITS_PLACE.test(name) || LEFT_TO_RIGHT.test(name));
}

/** Its first character is in no skeleton. */
function inAnyOrder(skeleton: string): string {
  return `\u0000${[...skeleton].toSorted().join("")}`;
}

/** @param territory two capital letters */
function flagOf(territory: string): string {
  return Array.from(territory, (letter) => String.fromCodePoint(0x1f1e6 + letter.charCodeAt(0) - 0x41)).join("");
}

/** Lines as make-confusables.ts writes them. */
function readTable(text: string): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const line of text.split("\n")) {
    if (line === "" || line.startsWith("#")) continue;
    const [prototype, characters] = line.split("=");
    const looks = prototype.split("+").map(fromHex).join("");
    for (const character of characters.split(",")) table.set(fromHex(character), looks);
  }
  return table;
}

function fromHex(digits: string): string {
  return String.fromCodePoint(Number.parseInt(digits, 16));
}
