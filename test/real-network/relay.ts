/**
 * relay.c as a process: compiled when the program starts, told what the path is like, asked for what it has carried.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
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
/** By the player's index. */
export type Traffic = ReadonlyMap<number, PlayerTraffic>;

/** @returns the program, and what removes it again. @throws with what the compiler said */
export function compileRelay(compiler: string): { readonly program: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "starwake-relay-"));
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

const LINE = /^client (\d+) down (\d+) (\d+) (\d+) up (\d+) (\d+) (\d+)$/;

/** Lines that are no player's are passed over. */
export function parseTraffic(lines: readonly string[]): Traffic {
  const traffic = new Map<number, PlayerTraffic>();
  for (const line of lines) {
    const [octet, ...counts] = (LINE.exec(line) ?? []).slice(1).map(Number);
    if (octet === undefined || octet < FIRST_PLAYER_OCTET) continue;
    const carried = (at: number) => ({ packets: counts[at], bytes: counts[at + 1], lost: counts[at + 2] });
    traffic.set(octet - FIRST_PLAYER_OCTET, { down: carried(0), up: carried(3) });
  }
  return traffic;
}

/** What all players were sent, or sent, between two countings. */
export function carriedBetween(before: Traffic, after: Traffic, direction: "down" | "up"): Carried {
  const sum = (traffic: Traffic, what: keyof Carried) =>
    [...traffic.values()].reduce((total, player) => total + player[direction][what], 0);
  const grown = (what: keyof Carried) => sum(after, what) - sum(before, what);
  return { packets: grown("packets"), bytes: grown("bytes"), lost: grown("lost") };
}
