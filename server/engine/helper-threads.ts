/**
 * V8's helper threads give way to the ticks. They collect garbage beside the main thread, four at once; where there are
 * cores to spare that costs nobody anything, but on a machine with one or two they take its core away for a tenth of a
 * second, and ticks come late. With a low priority they work in what time the ticks leave.
 *
 * They also compile what runs often, and what waits to be compiled holds memory. So they give way only when the process has
 * worked for a while, and most of that is done.
 */
import { readdirSync, readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

const THREADS = "/proc/self/task";
const HELPER_NAME = "V8Worker";
/** Processor time after which a process is warm; a server spends it while its first hundreds of players come. */
const WARM_MS = 5_000;
const LOOK_EVERY_MS = 1_000;

/** Calls `then` once, when the process has taken so much processor time; keeps no process alive. */
export function whenWarm(then: () => void): void {
  const looking = setInterval(() => {
    const { user, system } = process.cpuUsage();
    if (user + system < WARM_MS * 1000) return;
    clearInterval(looking);
    then();
  }, LOOK_EVERY_MS);
  looking.unref();
}

/** @returns how many threads give way; 0 where the system does not tell of threads as Linux does */
export function lowerHelperThreads(): number {
  const helpers = threads().filter((thread) => nameOf(thread) === HELPER_NAME);
  // Linux has a priority for each thread, by the same call as for a process.
  for (const helper of helpers) setPriority(Number(helper), constants.priority.PRIORITY_BELOW_NORMAL);
  return helpers.length;
}

function threads(): string[] {
  try {
    return readdirSync(THREADS);
  } catch {
    return [];
  }
}

function nameOf(thread: string): string | undefined {
  try {
    return readFileSync(`${THREADS}/${thread}/comm`, "utf8").trim();
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
