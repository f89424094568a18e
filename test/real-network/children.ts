/**
 * Processes of ours, most of them inside a network namespace. Each ends with this process, however that ends; what one
 * wrote on standard error is in the error that tells of its end.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const KEPT_CHARACTERS = 2_000;
/** A network waits for nothing that the machine does besides, nor do the ends of it that are to be measured. */
const PRECEDENCE = -10;

const running = new Set<ChildProcess>();

/** Ends all of them at once. */
export function endAll(): void {
  for (const child of running) child.kill("SIGKILL");
}

export class Child<Word extends { readonly kind: string }> {
  readonly process: ChildProcess;
  private readonly name: string;
  private readonly words: Word[] = [];
  private errors = "";
  /** How it ended; undefined while it runs. */
  private ending: string | undefined;
  private readonly waiting: (() => void)[] = [];

  /** @param command and its words, from the project's root */
  constructor(name: string, command: readonly string[]) {
    this.name = name;
    const [program, ...args] = command;
    // Of the environment the path alone: a PORT or a SEED that is set here is meant for others.
    const env = { PATH: process.env.PATH };
    // Detached: a session of its own. Ctrl-C comes to us alone, who end all of them.
    this.process = spawn(program, args, { cwd: ROOT, env, stdio: ["pipe", "pipe", "pipe", "ipc"], detached: true });
    running.add(this.process);
    givePrecedence(this.process.pid);
    this.process.stderr!.on("data", (part: Buffer) => (this.errors = (this.errors + part).slice(-KEPT_CHARACTERS)));
    // Who has ended hears nothing any more: that it has ended is told by whoever waits for it.
    this.process.stdin!.on("error", () => {});
    this.process.on("message", (word) => this.hear(word as Word));
    this.process.on("error", ({ message }) => this.end(message));
    this.process.on("close", (code, signal) => this.end(signal ?? `exit code ${code}`));
  }

  /** What it says that is no message, such as a line of its output. */
  hear(word: Word): void {
    this.words.push(word);
    this.wake();
  }

  tell(order: object): void {
    if (this.process.connected) this.process.send(order);
  }

  /** Takes the next word of a kind. @throws when the process ends before it says it */
  async next<Kind extends Word["kind"]>(kind: Kind): Promise<Extract<Word, { kind: Kind }>> {
    for (;;) {
      const index = this.words.findIndex((word) => word.kind === kind);
      if (index >= 0) return this.words.splice(index, 1)[0] as Extract<Word, { kind: Kind }>;
      if (this.ending !== undefined) throw new Error(`${this.name} has ended (${this.ending}) ${this.errors.trim()}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  private wake(): void {
    for (const go of this.waiting.splice(0)) go();
  }

  private end(how: string): void {
    this.ending ??= how;
    running.delete(this.process);
    this.wake();
  }
}

/** Before the program's own threads begin, which inherit it. */
function givePrecedence(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    setPriority(pid, PRECEDENCE);
    // Kernels that share cores among sessions heed the number above only within one: sched(7), "The autogroup feature".
    writeFileSync(`/proc/${pid}/autogroup`, `${PRECEDENCE}`);
  } catch {
    // Not allowed, or another kind of kernel: whether the machine kept up stands beside the figures.
  }
}
