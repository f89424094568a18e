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

/** What is asked of the system. It may refuse each: a sandbox does, and a thread may have ended meanwhile. */
type System = {
  readonly cpuUsage: () => { readonly user: number; readonly system: number };
  readonly threads: () => readonly string[];
  readonly nameOf: (thread: string) => string;
  readonly setPriority: (thread: number, priority: number) => void;
};

const SYSTEM: System = {
  cpuUsage: () => process.cpuUsage(),
  threads: () => readdirSync(THREADS),
  nameOf: (thread) => readFileSync(`${THREADS}/${thread}/comm`, "utf8").trim(),
  // Linux has a priority for each thread, by the same call as for a process.
  setPriority,
};

/** Calls `then` once, when the process has taken so much processor time; keeps no process alive. */
export function whenWarm(then: () => void, { cpuUsage }: Pick<System, "cpuUsage"> = SYSTEM): void {
  const looking = setInterval(() => {
    const used = unlessRefused(cpuUsage);
    if (used !== undefined && used.user + used.system < WARM_MS * 1000) return;
    clearInterval(looking);
    if (used !== undefined) then();
  }, LOOK_EVERY_MS);
  looking.unref();
}

/**
 * Never throws: without lower priorities all works as well, only less evenly.
 * @returns how many threads give way; 0 where the system does not tell of threads as Linux does, or refuses
 */
export function lowerHelperThreads(system: System = SYSTEM): number {
  const threads = unlessRefused(system.threads) ?? [];
  const lowered = threads.filter((thread) => unlessRefused(() => lower(thread, system)));
  return lowered.length;
}

function lower(thread: string, { nameOf, setPriority }: System): boolean {
  if (nameOf(thread) !== HELPER_NAME) return false;
  setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
  return true;
}

function unlessRefused<Answer>(ask: () => Answer): Answer | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}
