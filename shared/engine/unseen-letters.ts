/**
 * Letters that leave no ink, and the few of them that names need: joiners say between two letters whether they join, which
 * shows in how those are drawn. Persian and Malayalam names are misspelt without.
 */

/** What Unicode calls ignorable, and what it does not but draws as nothing: blanks of Braille and of Egyptian, fillers, selectors. */
export const NOTHING_SEEN = /^[\p{Default_Ignorable_Code_Point}\u2800\u{1107F}\u{13440}-\u{13442}\u{16FE4}\u{1BC9D}]$/u;

/** Zero width non-joiner and joiner, and Mongolian's selectors and vowel separator. */
const JOINERS = /^(?:\u200C|\u200D|[\u180B-\u180F])$/u;

/**
 * Put the letter behind them below the one before them; alone they are not drawn, or as something else: those that Unicode
 * calls invisible stackers (Indic_Syllabic_Category), and the joiner of Tifinagh.
 */
const STACKERS =
  /^[\u1039\u17D2\u1A60\u2D7F\u{10A3F}\u{11133}\u{113D0}\u{1193E}\u{11A47}\u{11A99}\u{11D45}\u{11D97}\u{11F42}]$/u;
const LETTER = /^\p{L}$/u;

const MONGOLIAN_JOINER = /^[\u180B-\u180F]$/u;
const MONGOLIAN = /^\p{sc=Mong}$/u;

/** Scripts whose letters join along the line. */
const CURSIVE =
  /^(?=[\p{L}\p{M}])[\p{scx=Arab}\p{scx=Syrc}\p{scx=Mong}\p{scx=Nkoo}\p{scx=Mand}\p{scx=Mani}\p{scx=Phag}\p{scx=Phlp}\p{scx=Rohg}\p{scx=Sogd}\p{scx=Adlm}]$/u;

/** Scripts whose consonants join into one when a mark between them takes the vowel away. */
const CONJOINING =
  /^(?=[\p{L}\p{M}])[\p{sc=Deva}\p{sc=Beng}\p{sc=Guru}\p{sc=Gujr}\p{sc=Orya}\p{sc=Taml}\p{sc=Telu}\p{sc=Knda}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}\p{sc=Bali}\p{sc=Java}\p{sc=Sund}\p{sc=Newa}\p{sc=Tirh}\p{sc=Sidd}\p{sc=Gran}\p{sc=Cakm}\p{sc=Modi}\p{sc=Shrd}\p{sc=Sylo}]$/u;
const MARK = /^\p{M}$/u;

export function isJoiner(character: string): boolean {
  return JOINERS.test(character);
}

/**
 * Whether a joiner does something where it stands: between letters that join, or behind the mark that takes a vowel away.
 * @param at its place in the text, in UTF-16 units
 */
export function joinsAt(text: string, at: number, joiner: string): boolean {
  const before = characterBefore(text, at);
  const after = characterAt(text, at + joiner.length);
  if (MONGOLIAN_JOINER.test(joiner)) return MONGOLIAN.test(before) && !MONGOLIAN_JOINER.test(before);
  if (JOINERS.test(before)) return false;
  if (CURSIVE.test(before)) return CURSIVE.test(after);
  return CONJOINING.test(before) && (CONJOINING.test(after) || MARK.test(before));
}

/** Whether a mark does nothing where it stands, since it would put one letter below another, and none follows. */
export function stacksNothing(text: string, at: number, mark: string): boolean {
  return STACKERS.test(mark) && !LETTER.test(characterAt(text, at + mark.length));
}

function characterAt(text: string, at: number): string {
  const codePoint = text.codePointAt(at);
  return codePoint === undefined ? "" : String.fromCodePoint(codePoint);
}

function characterBefore(text: string, at: number): string {
  const isPair = at >= 2 && /[\uDC00-\uDFFF]/.test(text[at - 1]);
  return at === 0 ? "" : characterAt(text, at - (isPair ? 2 : 1));
}
