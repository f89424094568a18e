/** A room's code as people and programs pass it on: the page that is linked to and the server that titles it read it alike. */
import { ROOM_CODE_PATTERN } from "./protocol.ts";

/** What stands between a code's letters, or around them, when people and programs pass it on. */
const MARKS = /[^\p{L}\p{N}]/gu;

/** A room's code as people write it: case, hyphens, blanks and marks around it do not count. Undefined: it is none. */
export function roomCodeIn(text: string): string | undefined {
  const code = decoded(text).normalize("NFKC").replace(MARKS, "").toUpperCase();
  return ROOM_CODE_PATTERN.test(code) ? code : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}
