/**
 * Who is who in a replay: a player's number may belong to several people, one after the other.
 *
 * Next: replay-scene.ts and replay-scores.ts, which ask.
 */
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Replay, ReplayPlayer } from "@starwake/shared/engine/replay.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";

type Stay = { readonly fromTick: Tick; readonly player: ReplayPlayer };

export class ReplayRoster {
  /** By number, oldest first. */
  private readonly stays = new Map<PlayerId, Stay[]>();

  constructor({ players, steps }: Replay) {
    steps.forEach(({ changes }, tick) => {
      for (const { kind, player } of changes) if (kind === "added") this.add(player, tick, players);
    });
  }

  /** Who had that number at a tick; undefined: nobody had come by then. */
  at(player: PlayerId, tick: number): ReplayPlayer | undefined {
    return this.stays.get(player)?.findLast(({ fromTick }) => fromTick <= tick)?.player;
  }

  /** The n-th coming under a number is its n-th entry; who has come back under the same name has one entry only. */
  private add(id: PlayerId, tick: Tick, players: readonly ReplayPlayer[]): void {
    const stays = this.stays.get(id) ?? [];
    const entries = players.filter(({ player }) => player === id);
    const player = entries[stays.length] ?? entries.at(-1);
    if (player === undefined) return;
    stays.push({ fromTick: tick, player });
    this.stays.set(id, stays);
  }
}
