/**
 * The pilots of a room: players that the server itself steers. They fill a room and leave when people come, and they
 * only emit commands: what a pilot can do, a player can.
 */
import type { EngineWorld, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RecordOf, Schema } from "@starwake/shared/engine/schema.ts";
import type { NameBook } from "./names/name-book.ts";

export type Pilot<World extends EngineWorld = EngineWorld> = {
  readonly name: string;
  /** What the pilot wishes for the next tick. */
  command(world: World, player: PlayerId): RecordOf<Schema>;
};

/** Makes a pilot from a seed; the same seed flies the same way. */
export type CreatePilot = (seed: number) => Pilot;

/** Pilots that are made until one has a name of its own. Beyond that all names are taken, and one gets a number. */
const ATTEMPTS_PER_NAME = 200;

export class PilotCrew {
  readonly pilots = new Map<PlayerId, Pilot>();
  private readonly create: CreatePilot;
  private readonly seed: number;
  private readonly names: NameBook;
  private created = 0;
  /** With so many pilots no name was free; infinite: that has not been seen. */
  private mostNamed = Number.POSITIVE_INFINITY;

  constructor(create: CreatePilot, seed: number, names: NameBook) {
    this.create = create;
    this.seed = seed;
    this.names = names;
  }

  add(player: PlayerId): void {
    const pilot = this.nextOfFreeName();
    const name = this.names.enterPilot(player, pilot.name);
    this.pilots.set(player, { name, command: (world, own) => pilot.command(world, own) });
  }

  /** One whose name no other has; where all have been taken with as many pilots as there are, any. */
  private nextOfFreeName(): Pilot {
    let pilot = this.next();
    if (this.pilots.size >= this.mostNamed) return pilot;
    const names = new Set([...this.pilots.values()].map(({ name }) => name));
    for (let attempt = 0; attempt < ATTEMPTS_PER_NAME && names.has(pilot.name); attempt++) pilot = this.next();
    if (names.has(pilot.name)) this.mostNamed = this.pilots.size;
    return pilot;
  }

  private next(): Pilot {
    return this.create((this.seed + this.created++) | 0);
  }

  /** The pilot who leaves first: the one who came last. */
  get last(): PlayerId | undefined {
    return [...this.pilots.keys()].at(-1);
  }
}
