/**
 * Keeps what is printed of the score: standings from the roster, and the kill feed from the news. Lists are made anew
 * only when they change, since the interface compares them by reference.
 */
import type { NewsItem, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RosterEntry } from "@starwake/shared/engine/roster-row.ts";
import { WEAPONS } from "@starwake/shared/game/weapons.ts";
import { hueOf } from "./hues.ts";
import type { KillNotice, Standing } from "./scene.ts";

type Roster = ReadonlyMap<PlayerId, RosterEntry>;

const KEPT_KILLS = 20;

export class ScoreKeeper {
  kills: readonly KillNotice[] = [];
  /** Of the player's own last death. */
  lastDeath: KillNotice | undefined;
  private killCount = 0;
  private rosterKept: Roster | undefined;
  private standingsKept: readonly Standing[] = [];

  /** Who killed the player last. */
  get killerName(): string | undefined {
    return this.lastDeath?.killerName;
  }

  hear(items: readonly NewsItem[], roster: Roster, own: PlayerId): void {
    const notices = items.map((item) => toKillNotice(item, ++this.killCount, roster, own));
    items.forEach(({ victim }, index) => {
      if (victim === own) this.lastDeath = notices[index];
    });
    this.kills = [...this.kills, ...notices].slice(-KEPT_KILLS);
  }

  /** Everyone in the room, best first. */
  standings(roster: Roster, own: PlayerId): readonly Standing[] {
    if (roster === this.rosterKept) return this.standingsKept;
    this.rosterKept = roster;
    this.standingsKept = toStandings(roster, own);
    return this.standingsKept;
  }
}

/** @param id the same for as long as the notice is shown, and never that of another */
export function toKillNotice(
  { killer, victim, weapon }: NewsItem,
  id: number,
  roster: ReadonlyMap<PlayerId, { readonly name: string }>,
  own: PlayerId,
): KillNotice {
  return {
    id,
    killerName: roster.get(killer)?.name ?? "?",
    killerHue: hueOf(killer),
    victimName: roster.get(victim)?.name ?? "?",
    victimHue: hueOf(victim),
    weapon: WEAPONS[weapon]?.name ?? "none",
    involvesOwn: killer === own || victim === own,
  };
}

/** Everyone of a roster, best first. */
export function toStandings(roster: Roster, own: PlayerId): readonly Standing[] {
  const entries = [...roster.values()].sort((one, other) => rank(other) - rank(one) || one.player - other.player);
  return entries.map(({ player, name, isPilot, isAway, standing }, index) => {
    const { score, kills, deaths } = standing;
    return {
      playerId: player,
      place: index + 1,
      name,
      hue: hueOf(player),
      score,
      kills,
      deaths,
      isOwn: player === own,
      isPilot,
      isAway,
    };
  });
}

/** By score, and among equals by fewer deaths. */
function rank({ standing }: RosterEntry): number {
  return standing.score * 10_000 - standing.deaths;
}
