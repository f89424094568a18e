/**
 * Players' names: what is let through of what they typed. A name is shown to everybody, next to other text, so it may
 * not control the text around it.
 */
import { MAX_NAME_LENGTH } from "@starwake/shared/engine/protocol.ts";

/** Letters and digits of any script, spaces and a few marks; no control or bidirectional characters, no HTML. */
const ALLOWED =
  /^[\p{L}\p{N}\p{Emoji_Presentation} ._\-'!?~*+]\p{M}{0,2}(?:[\p{L}\p{N}\p{Emoji_Presentation} ._\-'!?~*+]\p{M}{0,2})*$/u;

/** The name as it is shown, "" when none was given, or undefined when it is refused. */
export function cleanName(typed: string): string | undefined {
  const name = typed.normalize("NFC").trim().replace(/ +/g, " ");
  if (name === "") return "";
  return [...name].length <= MAX_NAME_LENGTH && ALLOWED.test(name) ? name : undefined;
}
