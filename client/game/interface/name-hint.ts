/**
 * What is wrong with a name while it is typed. The server decides: its Unicode may be newer than the browser's, so that the
 * page only says what it thinks, and asks.
 */
import { cleanName } from "@starwake/shared/engine/player-name.ts";

export function nameHint(typed: string): string | undefined {
  try {
    const cleaned = cleanName(typed);
    return "problem" in cleaned ? cleaned.problem : undefined;
  } catch {
    // A browser that cannot tell leaves it to the server.
    return undefined;
  }
}
