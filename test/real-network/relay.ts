/**
 * relay.c as a process: compiled when the program starts, told what the path is like, asked for what it has carried.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Child } from "./children.ts";
import { DEVICE, FIRST_PLAYER_OCTET, type Namespaces } from "./namespaces.ts";

const SOURCE = fileURLToPath(new URL("relay.c", import.meta.url));

/** What one direction of one player was sent, the lost included; bytes from the IP header on. */
export type Carried = { readonly packets: number; readonly bytes: number; readonly lost: number };
export type PlayerTraffic = { readonly down: Carried; readonly up: Carried };
/** How late the relay itself handed packets over, since it was asked before. */
export type Lateness = { readonly meanMs: number; readonly mostMs: number };
export type Traffic = {
  /** By their index. */
  readonly players: ReadonlyMap<number, PlayerTraffic>;
  readonly late: Lateness;
};

const FOLDER = "starwake-relay-";
/** With the number of the process that made it. */
const FOLDER_NAME = new RegExp(`^${FOLDER}(\\d+)-`);

/** @returns the program, and what removes it again. @throws with what the compiler said */
export function compileRelay(compiler: string): { readonly program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, "relay");
  try {
    execFileSync(compiler, ["-O2", "-o", program, SOURCE, "-lm"], { stdio: ["ignore", "ignore", "pipe"] });
  } catch (error) {
    remove();
    throw error;
  }
  return { program, remove };
}

/** Removes what a process that is gone could not. */
export function removeStaleRelays(isThere: (pid: number) => boolean): void {
  for (const name of readdirSync(tmpdir())) {
    const [, pid] = FOLDER_NAME.exec(name) ?? [];
    if (pid !== undefined && !isThere(Number(pid))) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

type Word = { readonly kind: "ready" } | { readonly kind: "counted"; readonly lines: readonly string[] };

export class Relay {
  private readonly child: Child<Word>;

  constructor(program: string, { server, players }: Namespaces, seed: number) {
    this.child = new Child<Word>("the relay", [program, server, players, DEVICE, `${seed}`]);
    let lines: string[] = [];
    createInterface({ input: this.child.process.stdout! }).on("line", (line) => {
      if (line === "ready") this.child.hear({ kind: "ready" });
      else if (line === "counted") {
        this.child.hear({ kind: "counted", lines });
        lines = [];
      } else lines.push(line);
    });
  }

  /** Its devices are there. @throws when it could not make them */
  async ready(): Promise<void> {
    await this.child.next("ready");
  }

  say(orders: readonly string[]): void {
    for (const order of orders) this.child.process.stdin!.write(`${order}\n`);
  }

  /** All that it has carried so far. */
  async traffic(): Promise<Traffic> {
    this.say(["count"]);
    return parseTraffic((await this.child.next("counted")).lines);
  }
}

const LATE = /^late ([\d.]+) ([\d.]+)$/;
const LINE = /^client (\d+) down (\d+) (\d+) (\d+) up (\d+) (\d+) (\d+)$/;

/** Lines that are no player's are passed over. */
export function parseTraffic(lines: readonly string[]): Traffic {
  const players = new Map<number, PlayerTraffic>();
  for (const line of lines) {
    const [octet, ...counts] = (LINE.exec(line) ?? []).slice(1).map(Number);
    if (octet === undefined || octet < FIRST_PLAYER_OCTET) continue;
    const carried = (at: number) => ({ packets: counts[at], bytes: counts[at + 1], lost: counts[at + 2] });
    players.set(octet - FIRST_PLAYER_OCTET, { down: carried(0), up: carried(3) });
  }
  const [meanMs = 0, mostMs = 0] = lines.flatMap((line) => (LATE.exec(line) ?? []).slice(1).map(Number));
  return { players, late: { meanMs, mostMs } };
}

/** What all players were sent, or sent, between two countings. */
export function carriedBetween(before: Traffic, after: Traffic, direction: "down" | "up"): Carried {
  const sum = (traffic: Traffic, what: keyof Carried) =>
    [...traffic.players.values()].reduce((total, player) => total + player[direction][what], 0);
  const grown = (what: keyof Carried) => sum(after, what) - sum(before, what);
  return { packets: grown("packets"), bytes: grown("bytes"), lost: grown("lost") };
}
