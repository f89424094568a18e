/** Text of others, as it may be shown to a person: it cannot steer the terminal that shows it, nor turn the line around. */

/**
 * Control characters (of which U+009B, say, begins a terminal's command as ESC does), marks that change the direction of
 * text, line separators, and what has no form of its own. Line breaks are left as they are, and so are the two joiners that
 * emoji, Arabic and Indian words are written with.
 */
const UNPRINTABLE = /[[\p{C}\p{Zl}\p{Zp}]--[\n\u200c\u200d]]/gv;

/** Each character that is not printable becomes `\uXXXX`: within a text in JSON, that is the same character. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) =>
    Array.from({ length: character.length }, (_, unit) => escapeOf(character.charCodeAt(unit))).join(""),
  );
}

const escapeOf = (unit: number) => `\\u${unit.toString(16).padStart(4, "0")}`;
