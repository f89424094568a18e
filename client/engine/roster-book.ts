/** The roster book: everyone in the room, as the bulletins tell of them. */
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { NoticeBody } from "@starwake/shared/engine/protocol.ts";
import { fromRosterRow, type RosterEntry, toStanding } from "@starwake/shared/engine/roster-row.ts";

export class RosterBook {
  /** As last told; a new map whenever it changes. */
  entries: ReadonlyMap<PlayerId, RosterEntry> = new Map();
  /** Of a standing's numbers. */
  private names: readonly string[] = [];

  hear({ roster, gone = [], changed = [], standings = [] }: NoticeBody<"bulletin">): void {
    if (roster === undefined && gone.length + changed.length + standings.length === 0) return;
    this.names = roster?.standing ?? this.names;
    const entries = new Map(roster === undefined ? this.entries : []);
    for (const player of gone) entries.delete(player);
    for (const row of [...(roster?.players ?? []), ...changed]) entries.set(row[0], fromRosterRow(row, this.names));
    for (const [player, ...numbers] of standings) {
      const known = entries.get(player);
      if (known !== undefined) entries.set(player, { ...known, standing: toStanding(numbers, this.names) });
    }
    this.entries = entries;
  }
}
