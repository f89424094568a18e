/**
 * `node test/bench/wire-cost.ts`: where the bytes of a frame go. A brawl of pilots is played in process, some players'
 * frames are read, each bit is accounted to its cause, and beside it stands the entropy of what could not be foretold.
 *
 *   --players N  --readers N  --seconds S  --seed K  --map UNITS  --tick-rate HZ  --frame-rate HZ  --json FILE
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { Kind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { BitAccount } from "./bit-account.ts";
import { Brawl } from "./brawl.ts";
import { ResidualStreams } from "./residual-streams.ts";

/** Time in which readers learn of everybody, and everybody has met somebody. */
const WARM_UP_SECONDS = 3;
/** What every frame has, however many are seen: no part of the bytes for each entity. */
const HEAD_CAUSES = new Set(["frame head", "own row"]);
/** Those streams whose sum is the floor: of each group the one that is foretold best. */
const FLOOR = ["aim at its pace | ticks, last miss", "held | before", "motion", "status | charging"] as const;

const { values } = parseArgs({
  options: {
    players: { type: "string", default: "50" },
    readers: { type: "string", default: "10" },
    seconds: { type: "string", default: "10" },
    seed: { type: "string", default: "1" },
    map: { type: "string", default: "0" },
    "tick-rate": { type: "string", default: "30" },
    "frame-rate": { type: "string", default: "20" },
    json: { type: "string" },
  },
});
const numbers = Object.entries(values).filter(([name]) => name !== "json");
for (const [name, value] of numbers)
  if (!(Number(value) >= 0)) throw new Error(`--${name} must be a number, not ${value}`);

const report = measure();
print(report);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);

type Line = { readonly cause: string; readonly bytesPerFrame: number; readonly bytesPerEntity: number };

function measure() {
  const setup = { players: Number(values.players), seed: Number(values.seed), mapSize: Number(values.map) };
  const rates = { tickRate: Number(values["tick-rate"]), frameRate: Number(values["frame-rate"]) };
  const account = new BitAccount();
  const options = { ...setup, ...rates, readers: Number(values.readers) };
  const brawl = new Brawl(options, account.watched(starwake as GameDefinition));
  brawl.run(WARM_UP_SECONDS * rates.tickRate);
  account.bits.clear();
  const world = starwake.createWorld({
    ...setup,
    tickRate: rates.tickRate,
    capacity: setup.players,
    role: "prediction",
  });
  const residuals = new ResidualStreams(world);
  let frames = 0;
  let entities = 0;
  let bitsBefore = 0;
  brawl.received = (reader, snapshot) => {
    account.pad(snapshot.bytes, bitsBefore);
    bitsBefore = account.total;
    frames++;
    entities += snapshot.kinds[Kind.Ship].size;
    residuals.note(reader, snapshot);
  };
  brawl.run(Number(values.seconds) * rates.tickRate);
  const lines = [...account.bits]
    .map(([cause, bits]): Line => ({ cause, bytesPerFrame: bits / 8 / frames, bytesPerEntity: bits / 8 / entities }))
    .sort((one, other) => other.bytesPerFrame - one.bytesPerFrame);
  const heads = lines.filter(({ cause }) => HEAD_CAUSES.has(cause));
  const chunks = lines.filter(({ cause }) => !HEAD_CAUSES.has(cause));
  const streams = Object.entries(residuals.streams).map(([name, stream]) => ({
    name,
    bitsPerSymbol: stream.bits / Math.max(1, stream.count),
    bytesPerEntity: stream.bits / 8 / entities,
  }));
  const floor = FLOOR.reduce((sum, name) => sum + residuals.streams[name].bits / 8 / entities, 0);
  return {
    setting: options,
    frames,
    entitiesPerFrame: entities / frames,
    bytesPerFrame: sum(lines, "bytesPerFrame"),
    headBytesPerFrame: sum(heads, "bytesPerFrame"),
    bytesPerEntity: sum(chunks, "bytesPerEntity"),
    survivorFloorBytesPerEntity: floor,
    lines,
    streams,
  };
}

function sum(lines: readonly Line[], name: "bytesPerFrame" | "bytesPerEntity"): number {
  return lines.reduce((total, line) => total + line[name], 0);
}

function print({ setting, frames, entitiesPerFrame, lines, streams, ...means }: ReturnType<typeof measure>): void {
  const { players, tickRate, frameRate, seed } = setting;
  console.log(`${players} players, ${tickRate} Hz, ${frameRate} frames/s, seed ${seed}: ${frames} frames`);
  console.log(
    `${entitiesPerFrame.toFixed(1)} moving entities known, ${means.bytesPerFrame.toFixed(1)} bytes a frame\n`,
  );
  console.log(row("cause", "bytes a frame", "for each entity"));
  for (const { cause, bytesPerFrame, bytesPerEntity } of lines)
    console.log(row(cause, bytesPerFrame.toFixed(2), HEAD_CAUSES.has(cause) ? "" : bytesPerEntity.toFixed(3)));
  const chunkBytes = means.bytesPerFrame - means.headBytesPerFrame;
  console.log(row("all but head and own row", chunkBytes.toFixed(2), means.bytesPerEntity.toFixed(3)));
  console.log(`\n${row("what could not be foretold", "entropy, bits", "bytes each entity")}`);
  for (const { name, bitsPerSymbol, bytesPerEntity } of streams)
    console.log(row(name, bitsPerSymbol.toFixed(2), bytesPerEntity.toFixed(3)));
  console.log(row("floor of the survivors", "", means.survivorFloorBytesPerEntity.toFixed(3)));
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(40) + cells.map((cell) => cell.padStart(18)).join("");
}
