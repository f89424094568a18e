/**
 * Emoji in names: those that Unicode recommends for general interchange, which devices draw as one picture: faces, families,
 * flags, keycaps, each with its skin tones. Others would be drawn in parts, or as something else.
 */

/** A pictograph, half a flag, or the ring of a keycap. */
const EMOJI_PART = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20E3/u;
/** Drawn as text unless a selector follows. */
const TEXT_BY_DEFAULT = /^(?!\p{Emoji_Presentation})\p{Emoji}$/u;
const SKIN_TONE = /^\p{Emoji_Modifier}$/u;
const EMOJI_SELECTOR = "\uFE0F";

let recommended: RegExp | undefined;

/** @param letter one letter as people count them */
export function isEmojiLike(letter: string): boolean {
  return EMOJI_PART.test(letter);
}

/**
 * The emoji with all its selectors, which some keyboards leave out; undefined when it is none that is recommended.
 * Throws where regular expressions know no sets of sequences (browsers before 2023).
 */
export function qualifiedEmoji(letter: string): string | undefined {
  // Made of a text: as a literal, a browser that does not know it would not even read this file.
  recommended ??= /^\p{RGI_Emoji}$/v;
  const qualified = withSelectors(letter);
  return recommended.test(qualified) ? qualified : undefined;
}

function withSelectors(letter: string): string {
  const parts = [...letter.replaceAll(EMOJI_SELECTOR, "")];
  const isToned = (index: number): boolean => index + 1 < parts.length && SKIN_TONE.test(parts[index + 1]);
  return parts
    .map((part, index) => (TEXT_BY_DEFAULT.test(part) && !isToned(index) ? part + EMOJI_SELECTOR : part))
    .join("");
}
