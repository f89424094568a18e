/**
 * Levels as text, for control messages: many small numbers from 0 to 3, most of them 0. Three levels make one letter, and
 * a run of threes of zeros makes one sign, so that n levels take n / 3 characters at most, and few where little is.
 *
 *   letter   three levels, the first in the low bits: a place in LETTERS
 *   sign     2 to 30 threes of zeros: a place in SIGNS, and 2
 *
 * Zeros at the end are left out. None of the characters is changed by JSON.
 */

export const MAX_LEVEL = 3;

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const SIGNS = "!#$%&'()*+,./:;<=>?@[]^`{|}~ ";
const LEVELS_PER_LETTER = 3;
const BITS = 2;
const LEAST_RUN = 2;
const LONGEST_RUN = SIGNS.length + LEAST_RUN - 1;

/** @param levels whole numbers from 0 to MAX_LEVEL */
export function levelsToText(levels: Uint8Array): string {
  let text = "";
  let zeros = 0;
  for (let first = 0; first < levels.length; first += LEVELS_PER_LETTER) {
    const place = placeOf(levels, first);
    if (place === 0) {
      zeros++;
      continue;
    }
    text += zerosToText(zeros) + LETTERS[place];
    zeros = 0;
  }
  return text;
}

function placeOf(levels: Uint8Array, first: number): number {
  let place = 0;
  for (let index = 0; index < LEVELS_PER_LETTER; index++) place |= (levels[first + index] ?? 0) << (index * BITS);
  return place;
}

function zerosToText(zeros: number): string {
  let text = "";
  for (let left = zeros; left > 0; ) {
    const run = Math.min(left, LONGEST_RUN);
    text += run < LEAST_RUN ? LETTERS[0] : SIGNS[run - LEAST_RUN];
    left -= run;
  }
  return text;
}

/** @param count how many levels there are; undefined: the text tells of more, or is none */
export function levelsFromText(text: string, count: number): Uint8Array | undefined {
  const levels = new Uint8Array(Math.ceil(count / LEVELS_PER_LETTER) * LEVELS_PER_LETTER);
  let at = 0;
  for (const character of text) {
    const letter = LETTERS.indexOf(character);
    const sign = SIGNS.indexOf(character);
    if (letter < 0 && sign < 0) return undefined;
    if (letter < 0) {
      at += (sign + LEAST_RUN) * LEVELS_PER_LETTER;
      continue;
    }
    if (at >= levels.length) return undefined;
    for (let index = 0; index < LEVELS_PER_LETTER; index++) levels[at++] = (letter >> (index * BITS)) & MAX_LEVEL;
  }
  return levels.subarray(count).every((level) => level === 0) ? levels.subarray(0, count) : undefined;
}
