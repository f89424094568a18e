/**
 * Skeletons of names: two names that look alike have one in common. After UTS 39 of Unicode, whose table of look-alikes is
 * read by prototypes.ts, and wider than it in three ways: letters count as the same in any case, as small capitals, and in
 * their full-width and other compatibility forms; what right-to-left letters put into another order on the screen counts in
 * any order; and flags that are drawn alike count as one.
 */
import { toPrototypes } from "./prototypes.ts";
import { withoutSmallCapitals } from "./small-capitals.ts";

/** None of these is decomposed, looks like nothing, or stands in another order. */
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
  if (ASCII.test(name)) return distinct(inCases(name).map(toPrototypes));
  const skeletons = distinct(formsOf(name).flatMap(inCases)).map(skeletonOf);
  return distinct(isReordered(name) ? [...skeletons, ...skeletons.map(inAnyOrder)] : skeletons);
}

function inCases(text: string): readonly string[] {
  return [text, text.toLowerCase(), text.toUpperCase()];
}

/**
 * The name in plain letters and, where that is another text, as it is drawn: ˢ is a small s, and looks like ᣵ of Canada's
 * syllables, too.
 */
function formsOf(name: string): readonly string[] {
  const flagged = name.replace(FLAG, (flag) => alikeFlags.get(flag) ?? flag);
  const drawn = flagged.normalize("NFD").replace(IGNORABLE, "");
  const plain = withoutSmallCapitals(drawn.normalize("NFKD"));
  return plain === drawn ? [plain] : [plain, drawn];
}

function skeletonOf(text: string): string {
  const plain = toPrototypes(toPrototypes(text).normalize("NFKD"));
  return plain.normalize("NFD").replace(DOT_OVER_DOT, "$1");
}

/** Whether letters stand in another order on the screen than in the text, and not simply from right to left. */
function isReordered(name: string): boolean {
  return RIGHT_TO_LEFT.test(name) && (KEEPS_ITS_PLACE.test(name) || LEFT_TO_RIGHT.test(name));
}

/** Its first character is in no skeleton. */
function inAnyOrder(skeleton: string): string {
  return `\u0000${[...skeleton].toSorted().join("")}`;
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

/** @param territory two capital letters */
function flagOf(territory: string): string {
  return Array.from(territory, (letter) => String.fromCodePoint(0x1f1e6 + letter.charCodeAt(0) - 0x41)).join("");
}
