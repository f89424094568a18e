/**
 * Loaded before the server (`node --import`): writes down when each tick was stepped, and whose command was missing then, as
 * the laboratory sees it. That is what pictures are held against: the players' clocks are the same.
 */
import type { EngineWorld, GameDefinition, PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { monotonicMs } from "./monotonic.ts";

/** Sent when the server's process is asked for it by any message. */
export type TickLog = {
  readonly kind: "ticks";
  readonly firstTick: number;
  /** When each tick from the first on was stepped. */
  readonly timesMs: readonly number[];
  /** The ticks at which a player's command had not come, and the room repeated the one before. */
  readonly late: readonly (readonly [tick: number, player: PlayerId])[];
  /** Commands that came in time, of all players; counted from each player's first one on, as those that did not. */
  readonly onTime: number;
};

const log = { firstTick: -1, timesMs: [] as number[], late: [] as (readonly [number, PlayerId])[], onTime: 0 };
const game = starwake as GameDefinition;
const plain = { ...game };
const repeats = new WeakSet<object>();
const commanders = new Set<PlayerId>();
/** Of several rooms the first: all players of a run are in one. */
let watched: EngineWorld | undefined;

game.repeatCommand = (last) => {
  const repeat = { ...plain.repeatCommand(last) };
  repeats.add(repeat);
  return repeat;
};

game.step = (world, commands, looks) => {
  watched ??= world;
  plain.step(world, commands, looks);
  if (world === watched) note(world.tick, commands);
};

function note(tick: number, commands: ReadonlyMap<PlayerId, object>): void {
  if (log.firstTick < 0) log.firstTick = tick;
  log.timesMs.push(monotonicMs());
  for (const [player, command] of commands) {
    const isRepeat = repeats.has(command);
    if (!isRepeat) commanders.add(player);
    if (!isRepeat) log.onTime++;
    else if (commanders.has(player)) log.late.push([tick, player]);
  }
}

process.on("message", () => process.send?.({ kind: "ticks", ...log } satisfies TickLog));
// Whoever started the server is gone, and with that what it is measured by.
process.on("disconnect", () => process.exit());
// The server ends when it is told to, whether somebody may still ask or not.
process.channel?.unref();
