/** The game's news, as far as the server must know what they say. */
import type { NewsItem, PlayerId } from "@starwake/shared/engine/game-definition.ts";

/** Who killed and who was killed hear of it at once, and in any case. */
export function concernedByKill({ killer, victim }: NewsItem): readonly PlayerId[] {
  return [killer, victim];
}
