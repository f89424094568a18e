/**
 * That the process is told to end: by a signal, or because the npm that began it has gone. Everybody who works until then
 * holds one of these, from the process's first moment on.
 */
import { setTimeout as sleep } from "node:timers/promises";

/**
 * Service managers send SIGTERM, terminals SIGINT (Ctrl-C) and SIGHUP (closed), Windows' consoles SIGBREAK (Ctrl-Break).
 * SIGPIPE needs no word: Node ignores it.
 */
const STOP_SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK"] as const;
/** Ctrl-C in npm comes twice, from the terminal and from npm; and some send SIGHUP right after SIGTERM. */
const SAME_REQUEST_MS = 1_000;
const LOOK_EVERY_MS = 500;

export type StopRequest = {
  /** Aborted when the process is told to end; its reason is a text that says by whom. */
  readonly wanted: AbortSignal;
  /** Aborted when it is told once more, after a second or later: what only waits is to wait no longer. */
  readonly urged: AbortSignal;
};

/** From here on signals end the process no more by themselves. */
export function listenForStop(): StopRequest & { readonly request: (reason: string) => void } {
  const wanted = new AbortController();
  const urged = new AbortController();
  let wantedMs = 0;
  const request = (reason: string) => {
    if (wanted.signal.aborted) {
      if (performance.now() - wantedMs >= SAME_REQUEST_MS) urged.abort(reason);
      return;
    }
    wantedMs = performance.now();
    wanted.abort(reason);
  };
  for (const signal of STOP_SIGNALS) process.on(signal, request);
  return { wanted: wanted.signal, urged: urged.signal, request };
}

/** What began this process: npm's script, where it was npm, and whether it still runs. */
type Starter = { readonly script: string | undefined; readonly isThere: () => boolean };

/**
 * A shell between npm and this process keeps signals to itself: whoever ends npm ends the shell, and this process would
 * go on unseen, with the port. Other starters are not watched: they may mean to leave it running.
 * @param program as it stands in the script that npm runs, such as "server/main.ts"
 * @param then called once, when what began this process has gone; keeps no process alive
 */
export function watchStarter(
  program: string,
  then: (reason: string) => void,
  { script, isThere }: Starter = ownStarter(),
): void {
  if (!script?.includes(program)) return;
  const looking = setInterval(() => {
    if (isThere()) return;
    clearInterval(looking);
    then("the end of npm");
  }, LOOK_EVERY_MS);
  looking.unref();
}

function ownStarter(): Starter {
  const starter = process.ppid;
  // Whoever is orphaned has another parent; Windows knows of the first one only, and asking takes it long.
  const isThere = process.platform === "win32" ? () => isAlive(starter) : () => process.ppid === starter;
  return { script: process.env.npm_lifecycle_script, isThere };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Calls when the signal is aborted; at once, where it is already. @returns what takes that back */
export function whenAborted(signal: AbortSignal, then: () => void): () => void {
  if (signal.aborted) then();
  else signal.addEventListener("abort", then, { once: true });
  return () => signal.removeEventListener("abort", then);
}

/** Waits, but no longer than until the signal. */
export const wait = (delayMs: number, until?: AbortSignal): Promise<void> =>
  sleep(delayMs, undefined, { signal: until }).catch(() => {});
