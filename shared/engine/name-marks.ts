/** Marks on letters: which ones a name's letter may carry, and how many of them, and still be read. */

const MARK = /^\p{M}$/u;
const CARRIER = /^[\p{L}\p{N}]$/u;
/** Those that pile up above and below; the others stand beside their letter. */
const PILING_MARK = /^[\p{Mn}\p{Me}]$/u;
/** Marks of one script only, as vowel signs are: letters of some scripts carry three. */
const SCRIPT_MARK = /^(?![\p{scx=Zinh}\p{scx=Zyyy}\p{scx=Latn}\p{scx=Thai}\p{scx=Laoo}])\p{M}$/u;
/** Any letter may carry these, as most accents. */
const MARK_OF_ALL = /^[\p{sc=Zinh}\p{sc=Zyyy}]$/u;
/** By their codes of ISO 15924: those that have marks (Unicode 16). */
const SCRIPTS_WITH_MARKS = (
  "Adlm Aghb Ahom Arab Armn Bali Bamu Bass Batk Beng Bhks Bopo Brah Bugi Buhd Cakm Cham Cher Copt Cyrl Deva Diak Dogr Dupl " +
  "Egyp Elba Ethi Gara Glag Gong Gonm Goth Gran Grek Gujr Gukh Guru Hang Hani Hano Hebr Hira Hmng Hmnp Java Kali Kana Kawi " +
  "Khar Khmr Khoj Kits Knda Kthi Lana Laoo Latn Lepc Limb Mahj Maka Mand Mani Marc Mend Miao Mlym Modi Mong Mtei Mymr Nagm " +
  "Nand Newa Nkoo Onao Orya Osge Ougr Perm Phlp Plrd Rjng Rohg Samr Saur Sgnw Shrd Sidd Sind Sinh Sogd Soyo Sund Sunu Sylo " +
  "Syrc Tagb Takr Tale Taml Tavt Tayo Telu Tfng Tglg Thaa Thai Tibt Tirh Todr Toto Tutg Wcho Yezi Zanb"
).split(" ");
const MOST_PILED = 2;
const MOST_PILED_OF_SCRIPT = 3;
const MOST_MARKS = 4;

export function isMark(character: string): boolean {
  return MARK.test(character);
}

export function carriesMarks(character: string): boolean {
  return CARRIER.test(character);
}

/** Whether a mark is one of its letter's script: on others it is drawn anyhow, or not at all. */
export function isOfScript(mark: string, letter: string): boolean {
  return MARK_OF_ALL.test(mark) || charactersOfScripts().some((script) => script.test(mark) && script.test(letter));
}

let ofScripts: readonly RegExp[] | undefined;

function charactersOfScripts(): readonly RegExp[] {
  ofScripts ??= SCRIPTS_WITH_MARKS.flatMap((code) => {
    try {
      return [new RegExp(`^\\p{scx=${code}}$`, "u")];
    } catch {
      // A browser of an older Unicode knows no letters of it either.
      return [];
    }
  });
  return ofScripts;
}

/** Whether that many marks on one letter run into the lines above and below, or hide it. */
export function areTooManyMarks(marks: readonly string[]): boolean {
  const piled = marks.filter((mark) => PILING_MARK.test(mark));
  const mostPiled = marks.every((mark) => SCRIPT_MARK.test(mark)) ? MOST_PILED_OF_SCRIPT : MOST_PILED;
  const isRepeated = new Set(marks).size < marks.length;
  return piled.length > mostPiled || marks.length > (isRepeated ? MOST_PILED : MOST_MARKS);
}
