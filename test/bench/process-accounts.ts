/** What Linux keeps of processes and cores under /proc: see proc_pid_stat(5), proc_pid_status(5) and proc_stat(5). */

/** Seconds on a core, in the program itself and in the kernel on its behalf, of all threads. */
export type CpuTime = { readonly user: number; readonly system: number };

/** Of Linux on every machine that Node runs on. */
const CLOCK_TICKS_PER_SECOND = 100;
/** Fields of stat, counted from the state, which follows the name in brackets. */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;
const BYTES_PER_KILOBYTE = 1024;

export function cpuTimeOf(stat: string): CpuTime {
  // A process may be named anything, brackets and spaces included.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const seconds = (field: number) => Number(fields[field]) / CLOCK_TICKS_PER_SECOND;
  return { user: seconds(USER_FIELD), system: seconds(SYSTEM_FIELD) };
}

/**
 * Milliseconds of processor time of this process: of all its threads together, or of the calling one, which leaves out
 * compiling and collecting beside it, and which the kernel brings up to date every few milliseconds only: good for sums
 * over many. What others do meanwhile is in neither.
 */
export function ownCpuMs(of: "process" | "thread"): number {
  const { user, system } = of === "process" ? process.cpuUsage() : process.threadCpuUsage();
  return (user + system) / 1000;
}

export function residentBytesOf(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) * BYTES_PER_KILOBYTE;
}

/** Fields of a core's line in /proc/stat, after its name; guests' time is part of the user's. */
const IDLE_FIELDS = [3, 4];
const COUNTED_FIELDS = 8;

/** Seconds that a core has been busy with anything. */
export function busySecondsOf(stat: string, core: number): number {
  const fields = new RegExp(`^cpu${core} +(.+)$`, "m").exec(stat)?.[1]?.split(" ") ?? [];
  const busy = fields.slice(0, COUNTED_FIELDS).filter((_, index) => !IDLE_FIELDS.includes(index));
  return busy.reduce((sum, ticks) => sum + Number(ticks), 0) / CLOCK_TICKS_PER_SECOND;
}
