/**
 * What is printed of a replay's score at the playhead: standings, kill feed, and the marks on the time line. Lists are
 * made anew only when they change, since the interface compares them by reference.
 */
import type { ReplayPlayer } from "@starwake/client/engine/replay-player.ts";
import type { GameDefinition, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { Kind } from "@starwake/shared/game/entities.ts";
import { hueOf } from "./hues.ts";
import type { ReplayRoster } from "./replay-roster.ts";
import type { KillNotice, Standing } from "./scene.ts";
import { toKillNotice, toStandings } from "./score-keeper.ts";

/** A kill is told for so long of the match's own time. */
const TOLD_SECONDS = 7;
const KEPT_KILLS = 5;

/** A kill on the time line. */
export type KillMark = {
  readonly atSeconds: number;
  readonly victimHue: number;
  /** What it was to the player whose view is shown. */
  readonly ofViewer: "kill" | "death" | "neither";
};

type Kept<Value> = { key: string; value: Value };

export class ReplayScores {
  private readonly game: GameDefinition;
  private readonly player: ReplayPlayer;
  private readonly roster: ReplayRoster;
  private standingsKept: Kept<readonly Standing[]> = { key: "", value: [] };
  private killsKept: Kept<readonly KillNotice[]> = { key: "", value: [] };
  private marksKept: Kept<readonly KillMark[]> = { key: "", value: [] };

  constructor(game: GameDefinition, player: ReplayPlayer, roster: ReplayRoster) {
    this.game = game;
    this.player = player;
    this.roster = roster;
  }

  /** Everyone in the room at the playhead, best first. */
  standings(viewer: PlayerId): readonly Standing[] {
    const seated = this.player.draw(Kind.Ship).map(({ id }) => id);
    const key = `${viewer}:${this.killsBefore(this.player.playhead)}:${seated}`;
    if (key !== this.standingsKept.key) this.standingsKept = { key, value: this.makeStandings(seated, viewer) };
    return this.standingsKept.value;
  }

  /** The kills of the last few seconds, oldest first. */
  kills(viewer: PlayerId): readonly KillNotice[] {
    const { playhead, tickRate } = this.player;
    const end = this.killsBefore(playhead);
    const begin = Math.max(end - KEPT_KILLS, this.killsBefore(playhead - TOLD_SECONDS * tickRate));
    const key = `${viewer}:${begin}:${end}`;
    if (key !== this.killsKept.key) this.killsKept = { key, value: this.makeKills(begin, end, viewer) };
    return this.killsKept.value;
  }

  /** All kills that the index has come across. */
  marks(viewer: PlayerId): readonly KillMark[] {
    const { news } = this.player.index;
    const key = `${viewer}:${news.length}`;
    if (key !== this.marksKept.key) this.marksKept = { key, value: this.makeMarks(viewer) };
    return this.marksKept.value;
  }

  private makeStandings(seated: readonly PlayerId[], viewer: PlayerId): readonly Standing[] {
    const entries = seated.map((player) => {
      const known = this.roster.at(player, this.player.world.tick);
      const standing = this.game.standing(this.player.world, player);
      const names = { name: known?.name ?? "?", isPilot: known?.isPilot ?? false };
      return { player, ...names, isAway: false, standing };
    });
    return toStandings(new Map(entries.map((entry) => [entry.player, entry])), viewer);
  }

  private makeKills(begin: number, end: number, viewer: PlayerId): readonly KillNotice[] {
    return this.player.index.news.slice(begin, end).map(({ tick, item }, place) => {
      const names = new Map(
        [item.killer, item.victim].map((player) => [player, this.roster.at(player, tick) ?? { name: "?" }]),
      );
      return toKillNotice(item, begin + place + 1, names, viewer);
    });
  }

  private makeMarks(viewer: PlayerId): readonly KillMark[] {
    return this.player.index.news.map(({ tick, item }) => ({
      atSeconds: tick / this.player.tickRate,
      victimHue: hueOf(item.victim),
      ofViewer: item.victim === viewer ? "death" : item.killer === viewer ? "kill" : "neither",
    }));
  }

  private killsBefore(tick: number): number {
    const { news } = this.player.index;
    let low = 0;
    let high = news.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (news[middle].tick <= tick) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
