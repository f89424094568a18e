/**
 * The roster: who is in a room, under which name, with which standing; and what of that is still to be told. Whoever
 * came is told whole, once, and from then on what changed alone.
 */
import type { PlayerId, Standing } from "@starwake/shared/engine/game-definition.ts";
import type { NoticeBody } from "@starwake/shared/engine/protocol.ts";
import { type RosterEntry, toRosterRow, toStandingRow } from "@starwake/shared/engine/roster-row.ts";

type Bulletin = NoticeBody<"bulletin">;

export class Roster {
  private readonly entries = new Map<PlayerId, RosterEntry>();
  /** To be told: whole, as gone, and those whose standing alone changed, who waits longest first. */
  private readonly changed = new Set<PlayerId>();
  private readonly gone = new Set<PlayerId>();
  private readonly moved = new Set<PlayerId>();

  get size(): number {
    return this.entries.size;
  }

  /** A player as they are now. */
  put(entry: RosterEntry): void {
    const { player } = entry;
    const known = this.entries.get(player);
    if (known === undefined || !isSameButForStanding(known, entry)) this.changed.add(player);
    else if (!isSameStanding(known.standing, entry.standing)) this.moved.add(player);
    // What is told again unchanged is not kept: it would be garbage that lives just long enough to be dear.
    else return;
    this.entries.set(player, entry);
  }

  remove(player: PlayerId): void {
    this.entries.delete(player);
    this.changed.delete(player);
    this.moved.delete(player);
    this.gone.add(player);
  }

  /**
   * What to tell those who know the roster as of the last call. Of more standings than are to be told, half go to the
   * best by their first number, and half to those who wait longest; the others wait on.
   */
  takeChanges(mostStandings: number): Bulletin {
    const bulletin: Bulletin = {};
    if (this.gone.size > 0) bulletin.gone = [...this.gone];
    if (this.changed.size > 0) bulletin.changed = [...this.changed].map((player) => toRosterRow(this.entryOf(player)));
    for (const player of this.changed) this.moved.delete(player);
    this.gone.clear();
    this.changed.clear();
    const standings = this.takeStandings(mostStandings);
    if (standings.length > 0) bulletin.standings = standings;
    return bulletin;
  }

  private takeStandings(most: number): number[][] {
    const waiting = [...this.moved];
    const best = waiting.length > most ? this.bestOf(waiting).slice(0, most / 2) : [];
    const taken = [...new Set([...best, ...waiting])].slice(0, most);
    for (const player of taken) this.moved.delete(player);
    return taken.map((player) => toStandingRow(player, this.entryOf(player).standing));
  }

  private bestOf(players: readonly PlayerId[]): PlayerId[] {
    const merit = (player: PlayerId) => Object.values(this.entryOf(player).standing)[0] ?? 0;
    return players.toSorted((one, other) => merit(other) - merit(one));
  }

  /** What to tell someone who knows nothing. */
  whole(): Bulletin {
    const entries = [...this.entries.values()];
    const standing = entries.length > 0 ? Object.keys(entries[0].standing) : [];
    return { roster: { standing, players: entries.map(toRosterRow) } };
  }

  /** Of one who is there. */
  private entryOf(player: PlayerId): RosterEntry {
    return this.entries.get(player)!;
  }
}

function isSameButForStanding(one: RosterEntry, other: RosterEntry): boolean {
  return one.name === other.name && one.isPilot === other.isPilot && one.isAway === other.isAway;
}

function isSameStanding(one: Standing, other: Standing): boolean {
  for (const name in one) if (one[name] !== other[name]) return false;
  return true;
}
