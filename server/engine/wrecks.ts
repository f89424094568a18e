/**
 * Wrecks: what those steered who left a room, for as long as the game lets it stay. Nobody steers it; it holds its
 * player's number and name, and it is its player's again when they come back by their browser's key.
 */
import type { EngineWorld, GameDefinition, Leaving, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import type { Departure, Departures } from "./departures.ts";

/** Who left. */
export type Leaver = {
  readonly player: PlayerId;
  readonly name: string;
  readonly isPilot: boolean;
  /** Of the player's browser; a pilot has none, and does not come back. */
  readonly key: string | undefined;
};

type Wreck = Leaver & { readonly leftAt: Tick; readonly departure: Departure | undefined };

/** What wrecks need of their room. */
export type WreckSite = {
  readonly game: GameDefinition;
  readonly world: EngineWorld;
  readonly departures: Departures;
  /** The most wrecks; when there would be more, one goes that nobody has a part in, or the oldest. */
  readonly capacity: number;
  /** Takes a player out of the world. */
  remove(player: PlayerId): void;
};

export class Wrecks {
  private readonly site: WreckSite;
  /** Oldest first. */
  private readonly wrecks = new Map<PlayerId, Wreck>();

  constructor(site: WreckSite) {
    this.site = site;
  }

  /** Those who left, and are still seen. */
  get leavers(): Iterable<Leaver> {
    return this.wrecks.values();
  }

  /** Somebody leaves: at once where the game lets nothing stay. */
  add(leaver: Leaver): void {
    const { game, world, departures, capacity } = this.site;
    const { player, key } = leaver;
    const { leaving } = game;
    if (leaving === undefined) {
      this.site.remove(player);
      return;
    }
    const departure = key === undefined ? undefined : { key, conditionNow: () => leaving.conditionOf(world, player) };
    if (departure !== undefined) departures.begin(departure);
    this.wrecks.set(player, { ...leaver, leftAt: world.tick, departure });
    if (this.wrecks.size > capacity) this.clear(this.leastMissed(leaving));
  }

  /** So nobody is robbed of a kill by those who come and go at once. */
  private leastMissed({ isAtStake }: Leaving): Wreck {
    const wrecks = [...this.wrecks.values()];
    return wrecks.find(({ player }) => !isAtStake(this.site.world, player)) ?? wrecks[0]!;
  }

  /** Whether what the owner of a key left here is still there. */
  has(key: string): boolean {
    return this.of(key) !== undefined;
  }

  /** Gives what the owner of a key left back to them. @returns their number; undefined: there is nothing */
  takeBack(key: string): PlayerId | undefined {
    const wreck = this.of(key);
    if (wreck === undefined) return undefined;
    this.wrecks.delete(wreck.player);
    if (wreck.departure !== undefined) this.site.departures.withdraw(wreck.departure);
    return wreck.player;
  }

  /** To be called before each step: takes out what the game lets go. */
  clearThoseOver(): void {
    const { game, world } = this.site;
    for (const wreck of this.wrecks.values())
      if (game.leaving?.isOver(world, wreck.player, wreck.leftAt)) this.clear(wreck);
  }

  /** The room ends in order: takes out all. */
  clearAll(): void {
    for (const wreck of this.wrecks.values()) this.clear(wreck);
  }

  /** The room ends, and its world may be in any state: nothing of it is asked for any more. */
  abandon(): void {
    for (const { departure } of this.wrecks.values())
      if (departure !== undefined) this.site.departures.withdraw(departure);
    this.wrecks.clear();
  }

  private clear(wreck: Wreck): void {
    if (wreck.departure !== undefined) this.site.departures.settle(wreck.departure);
    this.wrecks.delete(wreck.player);
    this.site.remove(wreck.player);
  }

  private of(key: string): Wreck | undefined {
    for (const wreck of this.wrecks.values()) if (wreck.key === key) return wreck;
    return undefined;
  }
}
