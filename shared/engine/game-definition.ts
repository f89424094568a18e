/**
 * The contract between the engine and a game: everything that the engine asks of the thing that it runs. The engine
 * holds rows, ticks and commands; what a ship is only the game knows.
 *
 * The same definition runs on the server (truth), in the page and in bots (prediction), and in tests.
 */
import type { Space } from "./cell-grid.ts";
import type { EntityKind } from "./entity-kind.ts";
import type { Random } from "./random.ts";
import type { RecordSink } from "./records.ts";
import type { RecordOf, Schema } from "./schema.ts";
import type { Tick } from "./tick.ts";

/** A player's number in a room: also the id of the entity that the player steers. */
export type PlayerId = number;

/** The highest player number; 12 bits on the wire. */
export const MAX_PLAYER_ID = 4095;

/** All that a world follows from, but for the commands. */
export type WorldSetup = {
  readonly seed: number;
  /** Ticks a second. */
  readonly tickRate: number;
  /** Players that the world is sized for. */
  readonly capacity: number;
  /** Side of the map in units; 0 lets the game choose by capacity. */
  readonly mapSize: number;
  /** A world that predicts leaves to the server what only the server may decide (chance, others' fate). */
  readonly role: "authority" | "prediction";
};

/** What the engine may read of any game's world. */
export type EngineWorld = { tick: Tick; readonly random: Random };

/** One player's line in the roster: whole numbers by name, such as score. */
export type Standing = Readonly<Record<string, number>>;

/** Something for everybody to read, such as who killed whom: whole numbers by name. */
export type NewsItem = Readonly<Record<string, number>>;

/** The ticks that players see the others at. */
export type Looks = ReadonlyMap<PlayerId, Tick>;

/**
 * What becomes of those who leave. What they steered stays in the world, with the neutral command, and can be lost like
 * anybody's; and who comes back soon has the condition that they left in, so that nothing is won by leaving.
 */
export type Leaving<World extends EngineWorld = EngineWorld> = {
  /** What follows a player into whatever they join next, such as damage, or the wait of the dead. */
  readonly condition: Schema;
  /** Whether what a player steered, who left after the step `leftAt`, is to be taken out before the next step. */
  isOver(world: World, player: PlayerId, leftAt: Tick): boolean;
  conditionOf(world: World, player: PlayerId): Condition;
  /** Whether somebody has a part in what becomes of it, as who has hurt a ship has: it is kept before others. */
  isAtStake(world: World, player: PlayerId): boolean;
  /**
   * What a condition has become by itself after so many ticks.
   * @returns undefined: nothing of it is left, and who comes back begins like any newcomer
   */
  conditionAfter(world: World, condition: Condition, ticks: number): Condition | undefined;
};

/** A record of a game's schema for it, see Leaving. */
export type Condition = RecordOf<Schema>;

/** Another player's entity near the steered one, with its public row. */
export type Neighbour = { readonly id: PlayerId; readonly row: Int32Array };

/** What everybody may know of the whole world, wherever they are: for each of its sectors a level, see level-text.ts. */
export type Overview<World> = {
  /** The same for as long as the world lives. */
  sectorCount(world: World): number;
  /** Writes the level of each sector, as many as there are. */
  survey(world: World, levels: Uint8Array): void;
};

export type GameDefinition<World extends EngineWorld = EngineWorld, CommandSchema extends Schema = Schema> = {
  readonly name: string;
  /** The kinds of entity; the first is the one that players steer. */
  readonly kinds: readonly EntityKind[];
  /** What can happen at one moment at one place. */
  readonly events: readonly Schema[];
  /** One player's wish for one tick: held inputs only, or edges that `repeatCommand` takes away. */
  readonly command: CommandSchema;
  readonly neutralCommand: RecordOf<CommandSchema>;
  /** What stands in for a missing command: the last one without its edges. */
  repeatCommand(last: RecordOf<CommandSchema>): RecordOf<CommandSchema>;
  /** Text that changes when a rule or a table changes; it is part of the protocol hash. */
  readonly digest: string;

  createWorld(setup: WorldSetup): World;
  space(world: World): Space;
  /**
   * Writes where the middle of a player's view is, in quanta, from the row at `offset` of the entity that they steer.
   * Without this it is where the entity is.
   */
  lookFrom?(world: World, rows: Int32Array, offset: number, middle: { x: number; y: number }): void;
  /** @param condition of one who left a short while ago, and comes back; a newcomer has none */
  addPlayer(world: World, player: PlayerId, condition?: Condition): void;
  removePlayer(world: World, player: PlayerId): void;
  /** Without it, who leaves is taken out at once, and who comes back is new. */
  readonly leaving?: Leaving<World>;
  /**
   * The one rule: brings the world from its tick to the next. Players without a command have the neutral one.
   * Both maps, and the commands, are the room's, which fills them anew for the next step.
   * @param looks the ticks that players see the others at, by which a game may judge their aim; without one: the present
   */
  step(world: World, commands: ReadonlyMap<PlayerId, RecordOf<CommandSchema>>, looks?: Looks): void;
  /** A world of its own that goes on exactly like this one. */
  copyWorld(world: World): World;
  /** Hands every entity, and every event of the last step, to the sink. */
  record(world: World, sink: RecordSink): void;
  /** Moves a row of a kind `ticks` ahead as far as the row itself tells; the better it guesses, the less is sent. */
  advance(world: World, kind: number, row: Int32Array, ticks: number): void;

  /**
   * The likely value of one field of a new entity, from the row at `tick` of the one that brought it forth; the fields
   * declared before it are set in `row`. The better it guesses, the less is sent.
   */
  foretell(world: World, anchor: Int32Array, row: Int32Array, field: number, tick: Tick): number;

  /**
   * Makes a predicting world hold exactly this player's row, at this tick, and of all else that moves only the steered
   * entities of `neighbours`, as far as they are known: without a command they go on as they are.
   */
  adopt(world: World, player: PlayerId, row: Int32Array, tick: Tick, neighbours: readonly Neighbour[]): void;
  /** Others within this of the steered entity, along either axis and in quanta, are predicted with it. */
  readonly neighbourReach: number;
  /** How fast, in quanta a second, a correction may move the steered entity's picture besides its own motion. */
  readonly easeSpeed: number;
  /** Whether the entity in this row obeys its player now (a dead ship does not): only then is it predicted. */
  obeys(row: Int32Array): boolean;

  /** Without one, nobody is told of what is beyond their view. */
  readonly overview?: Overview<World>;
  standing(world: World, player: PlayerId): Standing;
  /** News of the last step. */
  news(world: World): readonly NewsItem[];
  /** The players whom an item of news concerns: they hear it at once, and in any case. */
  concernedBy(item: NewsItem): readonly PlayerId[];
  /** What the last step counted, for metrics and reports: whole numbers by name, the same names every time. */
  tally(world: World): Readonly<Record<string, number>>;
};
