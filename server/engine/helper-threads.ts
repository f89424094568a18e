/**
 * V8's helper threads give way to the ticks. They collect garbage beside the main thread, four at once; where there are
 * cores to spare that costs nobody anything, but on a machine with one or two they take its core away for tens of
 * milliseconds, and ticks come late. With the lowest priority they work in what time the ticks leave.
 */
import { readdirSync, readFileSync } from "node:fs";
import { constants, setPriority } from "node:os";

const THREADS = "/proc/self/task";
const HELPER_NAME = "V8Worker";

/** @returns how many threads give way; 0 where the system does not tell of threads as Linux does */
export function lowerHelperThreads(): number {
  let lowered = 0;
  for (const thread of threads()) {
    if (nameOf(thread) !== HELPER_NAME) continue;
    // Linux has a priority for each thread, by the same call as for a process.
    setPriority(Number(thread), constants.priority.PRIORITY_LOW);
    lowered++;
  }
  return lowered;
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
