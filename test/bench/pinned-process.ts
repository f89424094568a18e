/**
 * A process of the benchmark, pinned to one core, with what the operating system keeps of it. It ends when it is told to,
 * when an error passes, and with the benchmark itself.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type CpuTime, cpuTimeOf, residentBytesOf } from "./process-accounts.ts";

/** Where what is measured runs, and where its players do. */
export const Core = { Measured: 0, Load: 1 } as const;

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const KEPT_ERROR_CHARACTERS = 2_000;

const running = new Set<PinnedProcess>();

/** Ends every process that was started here. */
export function endAll(): void {
  for (const process of running) process.end();
}

export class PinnedProcess {
  private readonly name: string;
  private readonly child: ChildProcess;
  private errors = "";
  private output = "";
  private heard: () => void = () => {};
  private messages: unknown[] = [];

  /** @param args Node's arguments, from the project's root */
  constructor(name: string, core: number, args: readonly string[]) {
    this.name = name;
    // taskset becomes Node by exec, so the child's number is Node's and the channel is handed on.
    this.child = spawn("taskset", ["--cpu-list", `${core}`, process.execPath, ...args], {
      cwd: ROOT,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe", "ipc"],
    });
    running.add(this);
    this.child.on("message", (message) => {
      this.messages.push(message);
      this.heard();
    });
    this.child.stdout!.on("data", (part: Buffer) => {
      this.output += part;
      this.heard();
    });
    this.child.stderr!.on("data", (part: Buffer) => (this.errors = (this.errors + part).slice(-KEPT_ERROR_CHARACTERS)));
    for (const event of ["error", "exit"] as const)
      this.child.on(event, (reason: unknown) => {
        if (reason instanceof Error) this.errors += reason.message;
        running.delete(this);
        this.heard();
      });
  }

  send(message: unknown): void {
    if (this.child.connected) this.child.send(message as object);
  }

  /** The first message that `pick` makes something of; those before it are passed over. */
  message<Found>(pick: (message: unknown) => Found | undefined, timeoutMs: number): Promise<Found> {
    return this.wait(() => {
      while (this.messages.length > 0) {
        const found = pick(this.messages.shift());
        if (found !== undefined) return found;
      }
      return undefined;
    }, timeoutMs);
  }

  /** What its output says, once it matches. */
  printed(pattern: RegExp, timeoutMs: number): Promise<RegExpExecArray> {
    return this.wait(() => pattern.exec(this.output) ?? undefined, timeoutMs);
  }

  /** @throws when the process has ended or the time is up, with what it wrote as errors */
  private wait<Found>(look: () => Found | undefined, timeoutMs: number): Promise<Found> {
    return new Promise((resolve, reject) => {
      const fail = (what: string) =>
        reject(new Error(`${this.name} ${what}${this.errors && `:\n${this.errors.trim()}`}`));
      const timer = setTimeout(() => fail(`did not answer within ${timeoutMs / 1000} s`), timeoutMs);
      this.heard = () => {
        let found: Found | undefined;
        try {
          found = look();
        } catch (error) {
          clearTimeout(timer);
          return reject(error);
        }
        if (found !== undefined) resolve(found);
        else if (!running.has(this)) fail("ended by itself");
        else return;
        clearTimeout(timer);
        this.heard = () => {};
      };
      this.heard();
    });
  }

  get cpuTime(): CpuTime {
    return cpuTimeOf(this.read("stat"));
  }

  get residentBytes(): number {
    return residentBytesOf(this.read("status"));
  }

  private read(file: string): string {
    try {
      return readFileSync(`/proc/${this.child.pid}/${file}`, "utf8");
    } catch {
      throw new Error(`${this.name} ended by itself${this.errors && `:\n${this.errors.trim()}`}`);
    }
  }

  end(): void {
    running.delete(this);
    this.child.kill("SIGKILL");
  }
}

/** Of the caller's environment where programs are, and no more: a PORT or NODE_OPTIONS that is set there is not ours. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, CHROMIUM_PATH } = process.env;
  return { PATH, HOME, NODE_ENV: "production", ...(CHROMIUM_PATH && { CHROMIUM_PATH }) };
}

/** What a process found, once it says so. */
export function figuresFrom<Found>(process: PinnedProcess, timeoutMs: number): Promise<Found> {
  return process.message((message) => {
    const told = message as { kind: string; figures?: Found };
    return told.kind === "figures" ? told.figures : undefined;
  }, timeoutMs);
}
