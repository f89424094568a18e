/**
 * The pilots of a room: players that the server itself steers. They fill a room and leave when people come, and they
 * only emit commands: what a pilot can do, a player can.
 */
import type { EngineWorld, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";

export type Pilot<World extends EngineWorld = EngineWorld> = {
  readonly name: string;
  /** What the pilot wishes for the next tick. */
  command(world: World, player: PlayerId): RecordOf<Schema>;
};

/** Makes a pilot from a seed; the same seed flies the same way. */
export type CreatePilot = (seed: number) => Pilot;

/** Two pilots of one name in a room are confusing; with more pilots than names it cannot be helped. */
const ATTEMPTS_PER_NAME = 200;

export class PilotCrew {
  readonly pilots = new Map<PlayerId, Pilot>();
  private readonly create: CreatePilot;
  private readonly seed: number;
  private created = 0;

  constructor(create: CreatePilot, seed: number) {
    this.create = create;
    this.seed = seed;
  }

  add(player: PlayerId): void {
    const names = new Set([...this.pilots.values()].map(({ name }) => name));
    let pilot = this.next();
    for (let attempt = 0; attempt < ATTEMPTS_PER_NAME && names.has(pilot.name); attempt++) pilot = this.next();
    this.pilots.set(player, pilot);
  }

  private next(): Pilot {
    return this.create((this.seed + this.created++) | 0);
  }

  /** The pilot who leaves first: the one who came last. */
  get last(): PlayerId | undefined {
    return [...this.pilots.keys()].at(-1);
  }
}
