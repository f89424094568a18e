/**
 * A process of ours on a core of its own, which ends with us. What it writes is kept as far as it fits, and how it ended
 * is known afterwards.
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";

/** The attackers have a core to themselves. */
export const Core = { Server: 0, Attackers: 1 } as const;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const KEPT_CHARACTERS = 20_000;
/** Ends what hangs. */
const END_TIMEOUT_MS = 240_000;

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Whether processes can be held to a core here: two cores at least, and taskset. */
export const canPin = availableParallelism() > 1 && spawnSync("taskset", ["--version"]).status === 0;

/** Holds this process, all its threads, to a core. */
export function pinOwnProcess(core: number): void {
  if (canPin) spawnSync("taskset", ["--all-tasks", "--pid", "--cpu-list", `${core}`, `${process.pid}`]);
}

export class OwnProcess {
  readonly child: ChildProcess;
  /** What it wrote, both ways; the oldest is forgotten. */
  output = "";
  /** How it ended; undefined while it runs. */
  ending: string | undefined;
  readonly ended: Promise<string>;

  /** @param args Node's own, from the project's root */
  constructor(core: number, args: readonly string[], env: NodeJS.ProcessEnv) {
    // taskset becomes Node by exec, so the child's number is Node's and the channel is handed on.
    const [command, ...words] = [...(canPin ? ["taskset", "--cpu-list", `${core}`] : []), process.execPath, ...args];
    this.child = spawn(command, words, { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe", "ipc"] });
    running.add(this.child);
    for (const stream of [this.child.stdout!, this.child.stderr!])
      stream.on("data", (part: Buffer) => (this.output = (this.output + part).slice(-KEPT_CHARACTERS)));
    this.ended = new Promise((resolve) => {
      const end = (how: string) => {
        this.ending ??= how;
        running.delete(this.child);
        resolve(this.ending);
      };
      this.child.on("error", ({ message }) => end(message));
      this.child.on("close", (code, signal) => end(code === null ? `signal ${signal}` : `exit code ${code}`));
    });
  }

  /** Asks it to end, and ends it. */
  async end(): Promise<void> {
    if (this.ending !== undefined) return;
    this.child.kill("SIGTERM");
    const timer = setTimeout(() => this.child.kill("SIGKILL"), END_TIMEOUT_MS);
    await this.ended;
    clearTimeout(timer);
  }
}
