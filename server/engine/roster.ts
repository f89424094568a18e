/**
 * The roster: who is in a room, under which name, with which standing. It is sent on the control channel, when it
 * changes, and only what changed.
 */
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { NoticeBody, RosterEntry } from "@starwake/shared/engine/protocol.ts";

export class Roster {
  private readonly sent = new Map<PlayerId, { entry: RosterEntry; text: string }>();

  /** What to tell those who know the roster as of the last call; undefined: nothing changed. */
  update(entries: readonly RosterEntry[]): NoticeBody<"roster"> | undefined {
    const players = entries.filter((entry) => this.sent.get(entry.player)?.text !== JSON.stringify(entry));
    const present = new Set(entries.map(({ player }) => player));
    const gone = [...this.sent.keys()].filter((player) => !present.has(player));
    for (const player of gone) this.sent.delete(player);
    for (const entry of players) this.sent.set(entry.player, { entry, text: JSON.stringify(entry) });
    return players.length + gone.length > 0 ? { full: false, players, gone } : undefined;
  }

  /** What to tell someone who knows nothing, as of the last update. */
  whole(): NoticeBody<"roster"> {
    return { full: true, players: [...this.sent.values()].map(({ entry }) => entry), gone: [] };
  }
}
