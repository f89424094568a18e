/**
 * `npm run fuzz`: a million frames in conversations that no client would hold, against a server of its own.
 *
 * Next: conversation.ts, for what is said, and ../attack/siege.ts, which has it all happen.
 */
import { randomInt } from "node:crypto";
import { Core, canPin, pinOwnProcess } from "../attack/child-process.ts";
import { endAfter, lacking, progress, tell } from "../attack/telling.ts";
import { besiegeByFuzz } from "./fuzz-siege.ts";
import { type FuzzOptions, HELP, parseFuzzOptions } from "./options.ts";
import type { FuzzCounts } from "./worker.ts";

/** Slower than this it need not be anywhere; whatever takes longer hangs. */
const LEAST_FRAMES_PER_SECOND = 200;
const MOST_BESIDE_SECONDS = 180;
const TIMES = 10;
const MOST_SUSPECTS = 40;

const options = parseFuzzOptions(process.argv.slice(2));
if (options === "help") process.stdout.write(HELP);
else if ("problems" in options) {
  for (const problem of options.problems) console.error(problem);
  console.error("npm run fuzz -- --help lists the options");
  process.exitCode = 1;
} else process.exitCode = await run(options).catch(explain);
process.exit();

async function run({
  frames,
  seed = randomInt(2 ** 31),
  connections,
  conversation,
  json,
}: FuzzOptions): Promise<number> {
  const problem = lacking();
  if (problem !== undefined) throw new Error(problem);
  const seconds = MOST_BESIDE_SECONDS + frames / LEAST_FRAMES_PER_SECOND;
  endAfter(seconds + MOST_BESIDE_SECONDS);
  pinOwnProcess(Core.Server);
  if (!canPin) progress("taskset is missing, or there is one core: fuzzers and server share what there is");
  progress(`seed ${seed}: ${frames} frames over ${connections} connections`);
  const only = conversation === undefined ? undefined : { conversation, times: TIMES };
  const { figures, counts } = await besiegeByFuzz({ frames, seed, connections, only, seconds }, progress);
  const isEnough = only !== undefined || counts.read >= frames;
  const enough = {
    mark: `${frames} frames were read`,
    isHeld: isEnough,
    finding: `${counts.read} read of ${counts.sent} sent, in ${counts.conversations} conversations; ${counts.unanswered} questions without an answer`,
  };
  const code = await tell(figures, json, [enough]);
  if (figures.server.ending !== undefined) nameSuspects(seed, counts);
  else if (code !== 0) console.log(`again: npm run fuzz -- --seed ${seed}`);
  return code;
}

function nameSuspects(seed: number, { suspects }: FuzzCounts): void {
  console.log(`\nthe server ended while these conversations were held: ${suspects.slice(0, MOST_SUSPECTS).join(" ")}`);
  console.log(`one by itself: npm run fuzz -- --seed ${seed} --conversation N`);
}

function explain(error: unknown): number {
  console.error((error as Error).message);
  return 1;
}
