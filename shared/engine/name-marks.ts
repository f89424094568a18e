/** Marks on letters: how many of them a name's letter may carry and still be read. */

const MARK = /^\p{M}$/u;
const CARRIER = /^[\p{L}\p{N}]$/u;
/** Those that pile up above and below; the others stand beside their letter. */
const PILING_MARK = /^[\p{Mn}\p{Me}]$/u;
/** Marks of one script only, as vowel signs are: letters of some scripts carry three. */
const SCRIPT_MARK = /^(?![\p{scx=Zinh}\p{scx=Zyyy}\p{scx=Latn}\p{scx=Thai}\p{scx=Laoo}])\p{M}$/u;
const MOST_PILED = 2;
const MOST_PILED_OF_SCRIPT = 3;
const MOST_MARKS = 4;

export function isMark(character: string): boolean {
  return MARK.test(character);
}

export function carriesMarks(character: string): boolean {
  return CARRIER.test(character);
}

/** Whether that many marks on one letter run into the lines above and below, or hide it. */
export function areTooManyMarks(marks: readonly string[]): boolean {
  const piled = marks.filter((mark) => PILING_MARK.test(mark));
  const mostPiled = marks.every((mark) => SCRIPT_MARK.test(mark)) ? MOST_PILED_OF_SCRIPT : MOST_PILED;
  const isRepeated = new Set(marks).size < marks.length;
  return piled.length > mostPiled || marks.length > (isRepeated ? MOST_PILED : MOST_MARKS);
}
