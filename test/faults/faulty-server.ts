/** A server as a host runs it, any function of which can be made to throw. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Order, Site, Word } from "./fault-hooks.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ADDRESS_LINE = /^Starwake: (http:\/\/\S+)/;
/** A machine that stalls for a while costs nobody their connection: who is lost was lost to a fault. */
export const PEER_TIMEOUT_SECONDS = 240;
/** All who come here come from one address. */
const LIMITS = [
  ...["sockets", "connections", "unseated", "connects", "requests"],
  ...["seats", "joins", "spares", "private-rooms"],
];

export class FaultyServer {
  readonly url: string;
  /** What reached the process: an error that nobody caught. */
  readonly strays: string[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown>;
  private hasEnded = false;
  private fired = -1;

  private constructor(child: ChildProcess, url: string) {
    this.child = child;
    this.url = url;
    this.ended = once(child, "exit").then(() => {
      this.hasEnded = true;
    });
    child.on("message", (word: Word) => {
      if (word.kind === "fired") this.fired = word.site;
      if (word.kind === "stray") this.strays.push(word.message);
    });
  }

  /** @throws when it ends before it listens */
  static async start(): Promise<FaultyServer> {
    const lifted = LIMITS.flatMap((what) => [`--max-${what}-per-address`, "0"]);
    const flags = ["--no-build", "--host", "127.0.0.1", "--port", "0", "--log-level", "silent", "--pilots", "2"];
    flags.push("--peer-timeout", `${PEER_TIMEOUT_SECONDS}`);
    const child = spawn(
      process.execPath,
      ["--import", "./test/faults/fault-hooks.ts", "server/main.ts", ...flags, ...lifted],
      { cwd: ROOT, env: { PATH: process.env.PATH }, stdio: ["ignore", "pipe", "inherit", "ipc"] },
    );
    const url = await Promise.race([addressOf(child), once(child, "exit").then(() => undefined)]);
    if (url === undefined) throw new Error("the server ended before it listened");
    return new FaultyServer(child, url.replace("localhost", "127.0.0.1"));
  }

  get isAlive(): boolean {
    return !this.hasEnded;
  }

  /** All functions that were called so far. */
  async sites(): Promise<readonly Site[]> {
    const answered = new Promise<readonly Site[]>((resolve) => {
      const hear = (word: Word) => {
        if (word.kind !== "sites") return;
        this.child.off("message", hear);
        resolve(word.sites);
      };
      this.child.on("message", hear);
    });
    this.order({ kind: "list" });
    return Promise.race([answered, this.ended.then(() => [])]);
  }

  /** The next call of a function throws. */
  arm(site: number): void {
    this.fired = -1;
    this.order({ kind: "arm", site });
  }

  hasFired(site: number): boolean {
    return this.fired === site;
  }

  async end(): Promise<void> {
    if (this.isAlive) this.child.kill("SIGKILL");
    await this.ended;
  }

  private order(order: Order): void {
    if (this.isAlive && this.child.connected) this.child.send(order);
  }
}

function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: child.stdout! }).on("line", (line) => {
      const url = ADDRESS_LINE.exec(line)?.[1];
      if (url !== undefined) resolve(url);
    });
  });
}
