/**
 * `node test/bench/sight-share.ts`: what clients know beyond their screens, in a brawl of pilots who are sent frames, for
 * each shape of screen. A ship is beyond any screen when the player could not bring it onto theirs by turning the ship, and
 * a beam or a death when it comes nowhere near any.
 *
 *   --players N  --seconds S  --seed K  --map UNITS
 */
import { parseArgs } from "node:util";
import type { Snapshot } from "@starwake/client/engine/snapshot.ts";
import { meets } from "@starwake/shared/engine/chunk-part.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { recordOf, type Schema } from "@starwake/shared/engine/schema.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { EVENT_SCHEMAS } from "@starwake/shared/game/events.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { reachOf, SCREEN_SHAPES } from "@starwake/shared/game/sight.ts";
import { Brawl } from "./brawl.ts";

type Share = { known: number; beyond: number; farthestUnits: number; happened: number; happenedBeyond: number };

export type SightOrder = {
  readonly players: number;
  readonly seconds: number;
  readonly seed: number;
  /** 0: as the game has it for so many. */
  readonly mapSize: number;
};

const TICK_RATE = 60;
const FRAME_RATE = 30;
const WARM_UP_SECONDS = 3;
const { at } = shipKind;

/** For each shape how many others were known in all frames together, and how many of them beyond any screen. */
export function shareBeyond({ players, seconds, seed, mapSize }: SightOrder): Share[] {
  const shares = SCREEN_SHAPES.map(() => ({ known: 0, beyond: 0, farthestUnits: 0, happened: 0, happenedBeyond: 0 }));
  const rates = { tickRate: TICK_RATE, frameRate: FRAME_RATE };
  const shapes = (place: number) => place % SCREEN_SHAPES.length;
  const brawl = new Brawl({ players, seed, mapSize, readers: players, shapes, ...rates }, starwake as GameDefinition);
  brawl.run(WARM_UP_SECONDS * TICK_RATE);
  brawl.received = (player, snapshot) => count(shares[snapshot.shape], player, snapshot);
  brawl.run(seconds * TICK_RATE);
  return shares;
}

/** As far as a ship at full boost is drawn ahead of the others, and the margins. */
export const NEAR_UNITS = 220;

function count(share: Share, player: number, { own, shape, kinds, events }: Snapshot): void {
  // Who is dead sees the place where they died.
  if (own === undefined) return;
  const reach = reachOf(SCREEN_SHAPES[shape]);
  for (const [id, { row }] of kinds[Kind.Ship]) {
    if (id === player) continue;
    const dx = Math.abs(row[at.x] - own[at.x]) / QUANTA_PER_UNIT;
    const dy = Math.abs(row[at.y] - own[at.y]) / QUANTA_PER_UNIT;
    share.known++;
    if (dx > reach.halfWidth || dy > reach.halfHeight) share.beyond++;
    share.farthestUnits = Math.max(share.farthestUnits, dx - reach.halfWidth, dy - reach.halfHeight);
  }
  const halfWidth = (reach.halfWidth + NEAR_UNITS) * QUANTA_PER_UNIT;
  const halfHeight = (reach.halfHeight + NEAR_UNITS) * QUANTA_PER_UNIT;
  for (const { schema, row } of events) {
    const { x, y, toX = x, toY = y } = recordOf(EVENT_SCHEMAS[schema] as Schema, row, 0) as Record<string, number>;
    if (x === undefined) continue;
    share.happened++;
    const way = { spans: Int32Array.of(x, y, toX!, toY!) };
    if (!meets(way, 0, own[at.x], own[at.y], halfWidth, halfHeight)) share.happenedBeyond++;
  }
}

function print(order: SightOrder): void {
  const shares = shareBeyond(order);
  const { players, seconds, seed } = order;
  console.log(`${players} pilots, ${seconds} s, seed ${seed}: of the ships that a client knows`);
  shares.forEach(({ known, beyond, farthestUnits, happened, happenedBeyond }, shape) => {
    const part = ((100 * beyond) / known).toFixed(1).padStart(5);
    console.log(
      `  ${SCREEN_SHAPES[shape].name.padEnd(12)}${part} % lie beyond any screen, by ${farthestUnits.toFixed(0)} units at most; ` +
        `of ${happened} beams and deaths ${happenedBeyond} come nowhere near one`,
    );
  });
}

function main(): void {
  const text = { type: "string" } as const;
  const { values } = parseArgs({ options: { players: text, seconds: text, seed: text, map: text } });
  const number = (name: keyof typeof values, usual: number) => {
    const value = Number(values[name] ?? usual);
    if (!(value >= 0)) throw new Error(`--${name} must be a number, not ${values[name]}`);
    return value;
  };
  print({
    players: number("players", 64),
    seconds: number("seconds", 20),
    seed: number("seed", 1),
    mapSize: number("map", 0),
  });
}

if (import.meta.main) main();
