/**
 * The end of the process, whatever its helper threads wait for. Node waits for them when it exits, and a name server or a
 * network disk may let one wait for minutes, or for ever.
 */
import { existsSync } from "node:fs";

/** What helper threads do, by Node's names for it. */
const HELPERS_WORK = new Set(["GetAddrInfoReqWrap", "GetNameInfoReqWrap", "FSReqCallback", "FSReqPromise"]);
/** Where Node can be run from. Linux has the first for the program that runs, even when its file was removed or replaced. */
const PROGRAMS = ["/proc/self/exe", process.execPath];

export function endProcess(code: number): never {
  if (process.getActiveResourcesInfo().some((name) => HELPERS_WORK.has(name))) replaceProcess(code);
  process.exit(code);
}

/**
 * Ends the threads, too. A process cannot kill itself for that: it would not end by the code, and as process 1 of a
 * container not at all. One that takes its place, and does nothing, can end as it likes.
 */
function replaceProcess(code: number): void {
  // Windows' processes have no such call, and none is a container's first in that way.
  const canBeReplaced = process.execve !== undefined && process.platform !== "win32";
  // Node aborts where it is told to run what is not there, so that is looked up before.
  const program = canBeReplaced ? PROGRAMS.find((path) => existsSync(path)) : undefined;
  if (program === undefined) return void process.kill(process.pid, "SIGKILL");
  process.emit("exit", code);
  process.execve!(program, [process.execPath, "-e", `process.exit(${code})`], {});
}
