/** The server under attack: started as a host would, watched from outside, by what Linux and /metrics tell of it. */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { cpuTimeOf, residentBytesOf } from "../bench/process-accounts.ts";
import { nodeFlags } from "../bench/systems.ts";
import { type Metrics, readMetrics } from "../bots/server-metrics.ts";
import { Core, OwnProcess } from "./child-process.ts";
import type { Holdings } from "./figures.ts";

/** These end what hangs. */
const START_TIMEOUT_MS = 240_000;
const METRICS_TIMEOUT_MS = 240_000;
const LISTENING = /^Starwake: http:\/\/localhost:(\d+)$/m;
const ERROR_LINE = /^.*"level":"(?:error|fatal)".*$/gm;
const LAST_WORDS_CHARACTERS = 300;
/** Attackers share this machine with whoever counts: without a token, one of their made-up hosts closes /metrics to all. */
const METRICS_TOKEN = "whoever-counts-here";
const FIXED = [
  ...["server/main.ts", "--no-build", "--host", "127.0.0.1", "--port", "0", "--log-level", "warn"],
  ...["--metrics-token", METRICS_TOKEN],
];

export class AttackedServer {
  readonly port: number;
  readonly url: string;
  private readonly process: OwnProcess;

  private constructor(process: OwnProcess, port: number) {
    this.process = process;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
  }

  /** @throws when it does not listen in time, with what it wrote */
  static async start(args: readonly string[]): Promise<AttackedServer> {
    // Of the environment only the path: a PORT or a SEED that is set here is not meant.
    const { PATH } = process.env;
    const server = new OwnProcess(Core.Server, [...nodeFlags(), ...FIXED, ...args], { PATH });
    const port = await new Promise<number>((resolve, reject) => {
      const fail = (how: string) => reject(new Error(`the server did not start: ${how}\n${server.output}`));
      const timer = setTimeout(() => fail("it does not listen"), START_TIMEOUT_MS);
      server.child.stdout!.on("data", () => {
        const port = LISTENING.exec(server.output)?.[1];
        if (port === undefined) return;
        clearTimeout(timer);
        resolve(Number(port));
      });
      void server.ended.then((how) => {
        clearTimeout(timer);
        fail(how);
      });
    });
    return new AttackedServer(server, port);
  }

  get pid(): number {
    return this.process.child.pid!;
  }

  /** How it ended by itself; undefined while it runs. */
  get ending(): string | undefined {
    return this.process.ending;
  }

  /** The error that it ended with, as far as it said so, or else the last that it wrote. */
  get lastWords(): string {
    const { output } = this.process;
    return /^\w*Error: .+$/m.exec(output)?.[0] ?? output.trim().slice(-LAST_WORDS_CHARACTERS);
  }

  /** Lines of its log that tell of an error. */
  get errorLines(): string[] {
    return this.process.output.match(ERROR_LINE) ?? [];
  }

  get residentBytes(): number {
    return this.ending === undefined ? residentBytesOf(this.read("status")) : Number.NaN;
  }

  /** Of all its threads; NaN once it has ended. */
  get coreSeconds(): number {
    const { user, system } = cpuTimeOf(this.read("stat"));
    return user + system;
  }

  /** What it holds of what could run out; undefined: it does not answer. */
  async holdings(honestLinks: number): Promise<Holdings | undefined> {
    const metrics = await this.metrics();
    if (metrics === undefined) return undefined;
    const value = (name: string) => metrics.get(name) ?? Number.NaN;
    return {
      descriptors: this.descriptors,
      connections: value("starwake_connections"),
      rooms: value("starwake_rooms"),
      pilots: value('starwake_players{kind="pilot"}'),
      honestLinks,
    };
  }

  /** Undefined: it does not answer, or not in time. */
  async metrics(): Promise<Metrics | undefined> {
    if (this.ending !== undefined) return undefined;
    const patience = new AbortController();
    const reading = readMetrics(this.url, METRICS_TOKEN);
    const giveUp = pause(METRICS_TIMEOUT_MS, undefined, { signal: patience.signal }).catch(() => undefined);
    const metrics = await Promise.race([reading, giveUp]);
    patience.abort();
    return metrics === "forbidden" ? undefined : metrics;
  }

  async end(): Promise<void> {
    await this.process.end();
  }

  private get descriptors(): number {
    try {
      return readdirSync(`/proc/${this.pid}/fd`).length;
    } catch {
      return Number.NaN;
    }
  }

  private read(file: string): string {
    try {
      return readFileSync(`/proc/${this.pid}/${file}`, "utf8");
    } catch {
      return "";
    }
  }
}
