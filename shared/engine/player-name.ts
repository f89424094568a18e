/**
 * Players' names: what is let through of what they typed. A name is shown to everybody, next to other text: each of its
 * letters can be seen, none changes the text around it, and all of them take the room of sixteen letters at most.
 *
 * Signs that only some keyboards have (’ – ！) become those that all have, and all spaces one kind of space. What is refused is
 * refused with a sentence that shows the letter. Whether a name looks like another's is not asked here, see
 * server/engine/names/name-book.ts.
 */
import { isEmojiLike, qualifiedEmoji } from "./emoji.ts";
import { areTooManyMarks, carriesMarks, isMark, isOfScript } from "./name-marks.ts";
import { isJoiner, joinsAt, NOTHING_SEEN, stacksNothing } from "./unseen-letters.ts";

/** Letters as people count them: an accent, or each member of a family's emoji, counts with what it belongs to. */
export const MAX_NAME_LENGTH = 16;
/** UTF-16 units of a name: enough for sixteen families. */
const MAX_NAME_UNITS = 160;
/** UTF-16 units that may be typed; a longer text is not looked at. */
export const MAX_TYPED_NAME_UNITS = 256;

/** A name as it is shown, "" when none was given; or why there is none, as a sentence for the player. */
export type CleanedName = { readonly name: string } | { readonly problem: string };

const SIGNS = " ._-'!?~*+·・";
const BASE = /^[\p{L}\p{N} ._\-'!?~*+·・]$/u;
const PRINTABLE_ASCII = /^[ -~]*$/;
const SPACE = /^\p{Zs}$/u;
const APOSTROPHE = /^[‘’‛ʼʹ′´`]$/u;
const DASH = /^[‐‑‒–—―−]$/u;
const HAN = /^\p{sc=Han}$/u;
const VARIATION_SELECTOR = /^[\uFE00-\uFE0F\u{E0100}-\u{E01EF}]$/u;
/** Would show as nothing in a sentence, or turn it around. */
const UNPRINTABLE = /^[\p{C}\p{Z}]$/u;

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/gu;
/** As many consonants stand in one syllable of Sanskrit. */
const MOST_JOINED = 5;
/** Letters of a name that is too long are counted so far. */
const MOST_COUNTED = 40;
/** Code points that a sentence names. */
const MOST_CODES = 6;

const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });

/** What the next character is looked at with. */
type Place = {
  readonly text: string;
  /** UTF-16 units from the text's start. */
  readonly at: number;
  /** The letter that marks would belong to, and those that it carries already. */
  readonly carrier: string;
  readonly marks: readonly string[];
};

/** Never fails. What it gives is given back unchanged when it is cleaned again. */
export function cleanName(typed: string): CleanedName {
  if (typed.length > MAX_TYPED_NAME_UNITS)
    return { problem: `This name has far more letters than ${MAX_NAME_LENGTH}.` };
  const text = typed.normalize("NFC");
  let name = "";
  let number = 0;
  let length = 0;
  let place: Place = { text, at: 0, carrier: "", marks: [] };
  for (const letter of eachLetterOf(text)) {
    number++;
    const read = isEmojiLike(letter) ? readEmoji(letter, place) : readLetter(letter, place);
    if ("problem" in read) return { problem: `Letter ${number}, ${read.problem}.` };
    place = read.next;
    name += read.shown;
    // A long name is refused before it is read to its end, which would take a server a millisecond.
    if (read.shown !== " ") length += lengthOf(read.shown);
    if (length > MOST_COUNTED) return tooLong(`more than ${MOST_COUNTED}`);
  }
  return bound(name.replace(/ +/g, " ").trim().normalize("NFC"));
}

/** The letters of a text as people count them. */
export function lettersOf(text: string): string[] {
  // Of these each is a letter; the segmenter takes thirty times as long to say so.
  return PRINTABLE_ASCII.test(text) ? text.split("") : [...eachLetterOf(text)];
}

function* eachLetterOf(text: string): Iterable<string> {
  if (PRINTABLE_ASCII.test(text)) yield* text;
  else for (const { segment } of segmenter.segment(text)) yield segment;
}

function bound(name: string): CleanedName {
  const length = lettersOf(name).reduce((sum, letter) => sum + lengthOf(letter), 0);
  if (length > MAX_NAME_LENGTH) return tooLong(String(length));
  return name.length > MAX_NAME_UNITS ? { problem: "This name's letters carry too many marks." } : { name };
}

function tooLong(count: string): CleanedName {
  return { problem: `This name has ${count} letters: ${MAX_NAME_LENGTH} is the most.` };
}

/**
 * A letter that stands for a whole phrase, as ﷺ does, counts as the phrase. Hangul and Indic scripts let consonants join into
 * one letter without end: those beyond MOST_JOINED count as letters of their own.
 */
function lengthOf(letter: string): number {
  if (isEmojiLike(letter)) return 1;
  const joined = letter.length > MOST_JOINED ? (letter.match(LETTER_OR_DIGIT)?.length ?? 0) : 0;
  const plain = letter.normalize("NFKC");
  return (plain === letter ? 1 : lettersOf(plain).length) + Math.max(0, joined - MOST_JOINED);
}

type Read = { readonly shown: string; readonly next: Place } | { readonly problem: string };

function readEmoji(letter: string, { text, at }: Place): Read {
  const shown = qualifiedEmoji(letter);
  if (shown === undefined) return { problem: `${codesOf(letter)}, is no emoji that every device has` };
  return { shown, next: { text, at: at + letter.length, carrier: "", marks: [] } };
}

function readLetter(letter: string, start: Place): Read {
  let shown = "";
  let place = start;
  for (const character of letter) {
    const mapped = mapCharacter(character, place);
    const problem = mapped === character ? problemWith(character, place) : undefined;
    if (problem !== undefined) return { problem };
    shown += mapped;
    place = { ...place, ...carriedAfter(mapped, place), at: place.at + character.length };
  }
  return { shown, next: place };
}

/** What a character becomes: itself, one of the signs, or "" when it chose among the shapes of an ideograph. */
function mapCharacter(character: string, { carrier }: Place): string {
  if (BASE.test(character) && !APOSTROPHE.test(character)) return character;
  if (SPACE.test(character)) return " ";
  if (APOSTROPHE.test(character)) return "'";
  if (DASH.test(character)) return "-";
  if (VARIATION_SELECTOR.test(character) && HAN.test(carrier)) return "";
  const plain = character.normalize("NFKC");
  if (DASH.test(plain)) return "-";
  return [...plain].every((sign) => sign !== " " && SIGNS.includes(sign)) ? plain : character;
}

function problemWith(character: string, place: Place): string | undefined {
  if (isJoiner(character) && joinsAt(place.text, place.at, character)) return undefined;
  if (NOTHING_SEEN.test(character)) return `${codesOf(character)}, cannot be seen`;
  if (isMark(character)) return problemWithMark(character, place);
  if (BASE.test(character)) return undefined;
  const code = codesOf(character);
  const named = UNPRINTABLE.test(character) ? code : `“${character}” (${code})`;
  return `${named}, is none of those that names have: letters, digits, emoji, spaces and ${SIGNS.trim()}`;
}

function problemWithMark(mark: string, { text, at, carrier, marks }: Place): string | undefined {
  if (!carriesMarks(carrier)) return `${codesOf(mark)}, is a mark without a letter to carry it`;
  if (!isOfScript(mark, carrier)) return `“${carrier}”, carries a mark of another script (${codesOf(mark)})`;
  if (stacksNothing(text, at, mark)) return `${codesOf(mark)}, cannot be seen without a letter behind it`;
  return areTooManyMarks([...marks, mark])
    ? `“${carrier}”, carries more marks than can be read (${codesOf(mark)})`
    : undefined;
}

function carriedAfter(mapped: string, { carrier, marks }: Place): Pick<Place, "carrier" | "marks"> {
  if (mapped === "" || isJoiner(mapped)) return { carrier, marks };
  return isMark(mapped) ? { carrier, marks: [...marks, mapped] } : { carrier: mapped, marks: [] };
}

/** U+3164; of several the first ones. */
function codesOf(text: string): string {
  const codes = Array.from(text, (character) => {
    const digits = character.codePointAt(0)!.toString(16).toUpperCase();
    return `U+${digits.padStart(4, "0")}`;
  });
  return codes.length <= MOST_CODES ? codes.join(" ") : `${codes.slice(0, MOST_CODES).join(" ")} …`;
}
