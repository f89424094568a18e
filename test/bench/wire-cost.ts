/**
 * `node test/bench/wire-cost.ts`: where the bytes of a frame go in a brawl of pilots.
 *
 *   --players N  --readers N  --seconds S  --seed K  --map UNITS  --tick-rate HZ  --frame-rate HZ  --json FILE
 */
import { writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { accountWire, isHead, USUAL_BRAWL, type WireAccount } from "./wire-account.ts";

const text = { type: "string" } as const;
const { values } = parseArgs({
  options: {
    players: text,
    readers: text,
    seconds: text,
    seed: text,
    map: text,
    "tick-rate": text,
    "frame-rate": text,
    json: text,
  },
});

const account = accountWire({
  players: number("players") ?? USUAL_BRAWL.players,
  readers: number("readers") ?? USUAL_BRAWL.readers,
  seconds: number("seconds") ?? USUAL_BRAWL.seconds,
  seed: number("seed") ?? USUAL_BRAWL.seed,
  mapSize: number("map") ?? USUAL_BRAWL.mapSize,
  tickRate: number("tick-rate") ?? USUAL_BRAWL.tickRate,
  frameRate: number("frame-rate") ?? USUAL_BRAWL.frameRate,
});
print(account);
if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(account, null, 2)}\n`);

function number(name: Exclude<keyof typeof values, "json">): number | undefined {
  const value = values[name];
  if (value === undefined) return undefined;
  if (!(Number(value) >= 0)) throw new Error(`--${name} must be a number, not ${value}`);
  return Number(value);
}

function print({ setting, frames, entitiesPerFrame, lines, streams, ...means }: WireAccount): void {
  const { players, tickRate, frameRate, seed } = setting;
  console.log(`${players} players, ${tickRate} Hz, ${frameRate} frames/s, seed ${seed}: ${frames} frames`);
  console.log(
    `${entitiesPerFrame.toFixed(1)} moving entities known, ${means.bytesPerFrame.toFixed(1)} bytes a frame\n`,
  );
  console.log(row("cause", "bytes a frame", "for each entity"));
  for (const line of lines)
    console.log(row(line.cause, line.bytesPerFrame.toFixed(2), isHead(line) ? "" : line.bytesPerEntity.toFixed(3)));
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
