/**
 * `npm run replay`: verifies recorded matches, and tells what came of them. It puts the engine's tools and the game
 * together, as main.ts does for the server.
 */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import type { Replay } from "@starwake/shared/engine/replay.ts";
import { type Problem, readReplay } from "@starwake/shared/engine/replay-reader.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { resultOf, type Stay } from "./engine/replay-result.ts";
import { judgeReplay, type Verdict } from "./engine/replay-verdict.ts";
import { parseReplayCommand, REPLAY_HELP } from "./replay-arguments.ts";

type Loaded = { readonly replay: Replay; readonly sizeBytes: number };

const game = starwake as GameDefinition;
const inflate = promisify(inflateRaw);

const command = parseReplayCommand(process.argv.slice(2));
if (command.kind === "help") process.stdout.write(REPLAY_HELP);
else if (command.kind === "invalid") fail(`${command.problem} (npm run replay -- --help)`);
else {
  const loaded = await load(command.path);
  if ("problem" in loaded) fail(`${command.path}: ${loaded.problem}`);
  else if (command.kind === "info") tell(command.path, loaded);
  else verify(command.path, loaded.replay, command.isPartialAllowed);
}

function fail(line: string): void {
  console.error(line);
  process.exitCode = 1;
}

async function load(path: string): Promise<Loaded | Problem> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(path);
  } catch (error) {
    return { problem: `It cannot be read: ${(error as Error).message}.` };
  }
  const replay = await readReplay(bytes, {
    game,
    protocol: protocolHash(game),
    inflate: (body, maxOutputLength) => inflate(body, { maxOutputLength }),
  });
  return "problem" in replay ? replay : { replay, sizeBytes: bytes.length };
}

function verify(path: string, replay: Replay, isPartialAllowed: boolean): void {
  const seconds = secondsOf(replay, replay.steps.length);
  if (!replay.isComplete && !isPartialAllowed) {
    fail(`${path}: The recording breaks off after ${seconds} s; --partial verifies what there is of it.`);
    return;
  }
  const startMs = performance.now();
  const verdict = judgeReplay(game, replay, (tick) => progress(`${secondsOf(replay, tick)} of ${seconds} s`));
  progress("");
  const problem = problemOf(verdict, replay);
  if (problem !== undefined) fail(`${path}: ${problem}`);
  else if (verdict.kind === "true") {
    const speed = (Number(seconds) * 1000) / (performance.now() - startMs);
    const verified = `${secondsOf(replay, verdict.lastHashTick)} of ${seconds} s verified by ${verdict.hashes} hashes`;
    const end = replay.isComplete ? "" : "; the recording breaks off there";
    console.log(`${path}: ${verified}, at ${Math.round(speed)} times real time${end}`);
  }
}

function problemOf(verdict: Verdict, replay: Replay): string | undefined {
  if (verdict.kind === "fails") return `The game cannot make the step from tick ${verdict.tick}: ${verdict.reason}`;
  if (verdict.kind === "differs") {
    const { tick, soundTick } = verdict;
    return `The world differs at tick ${tick} (second ${secondsOf(replay, tick)}); up to tick ${soundTick} it is as recorded.`;
  }
  return verdict.hashes === 0 ? "There is nothing to verify: it is shorter than a second." : undefined;
}

function tell(path: string, { replay, sizeBytes }: Loaded): void {
  const { room, startedAtMs, protocol, setup } = replay.head;
  const length = `${secondsOf(replay, replay.steps.length)} s`;
  const side = setup.mapSize === 0 ? `sized for ${setup.capacity} players` : `${setup.mapSize} units a side`;
  const lines: readonly (readonly [string, string])[] = [
    ["file", `${path}, ${(sizeBytes / 1000).toFixed(1)} kB${replay.isComplete ? "" : "; it breaks off"}`],
    ["room", `${room}, seed ${setup.seed}, map ${side}`],
    ["began", new Date(startedAtMs).toISOString()],
    ["length", `${length}, ${replay.steps.length} ticks at ${setup.tickRate} a second`],
    ["rules", `${game.name}, version ${protocol}`],
  ];
  for (const [name, value] of lines) console.log(`${name.padEnd(8)}${value}`);
  try {
    const stays = resultOf(game, replay).map((stay) => `  ${stayLine(stay, replay)}`);
    console.log(["", "result", ...stays].join("\n"));
  } catch (error) {
    fail(`${path}: The game cannot play it: ${(error as Error).message}`);
  }
}

function stayLine({ name, isPilot, fromTick, toTick, isThereAtEnd, standing }: Stay, replay: Replay): string {
  const numbers = Object.entries(standing).map(([what, value]) => `${what} ${value}`);
  const until = isThereAtEnd ? "the end" : `${secondsOf(replay, toTick)} s`;
  const who = `${shown(name)}${isPilot ? " (pilot)" : ""}`;
  return `${who.padEnd(26)} ${numbers.join(", ").padEnd(34)} ${secondsOf(replay, fromTick)} s to ${until}`;
}

/** A name as a terminal may show it: nothing in it steers the terminal. */
function shown(name: string): string {
  return name.replace(/\p{C}/gu, "?");
}

function secondsOf({ head }: Replay, tick: number): string {
  return (tick / head.setup.tickRate).toFixed(1);
}

/** One line that is written over, where somebody watches. */
function progress(line: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${line}`);
}
