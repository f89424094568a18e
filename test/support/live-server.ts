/**
 * A live server: Starwake as a host runs it, in a process of its own; the honest player in it, who must notice nothing
 * of what is done to the server; and raw sockets to do it with.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { type CommandPacket, MAX_PACKET_BYTES, writeCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { type Joined, protocolHash } from "@starwake/shared/engine/protocol.ts";
import { type Command, commandSchema, NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { expect, vi } from "vitest";
import { Bot } from "../bots/bot.ts";
import { type Metrics, parseMetrics } from "../bots/server-metrics.ts";
import { askRaw } from "./live-game.ts";
import { nextMessage, openRaw } from "./live-transport.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const ADDRESS_LINE = /^Starwake: http:\/\/localhost:(\d+)$/;
const FIXED_FLAGS = ["--no-build", "--port", "0", "--host", "127.0.0.1", "--log-level", "silent"];
/** Text of a right hello, as engine.io (4: a message) and the wire parser ([type, data, id]) have it. */
const HELLO = `4${JSON.stringify([0, { protocol: protocolHash(starwake as GameDefinition) }, null])}`;
const UPDATES_PER_SECOND = 60;
const FRAMES_TO_SEE = 4;
const PATIENCE = { interval: 20, timeout: 10_000 };

export type LiveServer = {
  readonly url: string;
  readonly port: number;
  /** What the server counts, as it is now. */
  metrics(): Promise<Metrics>;
  /** Asks the process to end, and waits until it has. @returns its exit code; null: a signal ended it */
  stop(): Promise<number | null>;
};

/** Starts a server. @throws when it ends before it listens, with what it wrote */
export async function startLiveServer(flags: readonly string[] = []): Promise<LiveServer> {
  // Of the environment only the path: a PORT or a SEED that is set here is not the test's.
  const env = { PATH: process.env.PATH };
  const child = spawn(process.execPath, ["server/main.ts", ...FIXED_FLAGS, ...flags], { cwd: ROOT, env });
  const ended = once(child, "exit") as Promise<[number | null]>;
  const port = await Promise.race([listeningPort(child), ended.then(() => undefined)]);
  if (port === undefined) throw new Error(`the server did not start: ${child.stderr.read()}`);
  child.stderr.resume();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    port,
    metrics: async () => parseMetrics(await (await fetch(`${url}/metrics`)).text()),
    async stop() {
      child.kill();
      return (await ended)[0];
    },
  };
}

function listeningPort({ stdout }: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    createInterface({ input: stdout! }).on("line", (line) => {
      const port = ADDRESS_LINE.exec(line)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
  });
}

export type HonestPlayer = {
  /** Frames that it was sent and could read. */
  readonly frames: () => number;
  /** Sees that the room's ticks and the player's frames go on, and that the player was never dropped. */
  expectToPlayOn(): Promise<void>;
  leave(): void;
};

/** A bot as any other, updated 60 times a second, that has seen its first frames. */
export async function seatHonestPlayer(live: LiveServer): Promise<HonestPlayer> {
  const bot = new Bot({ url: live.url, name: "Honest", room: { kind: "quick" }, seed: 1 });
  const updating = setInterval(() => bot.update(), 1000 / UPDATES_PER_SECOND);
  const frames = () => bot.match?.counts.frames ?? 0;
  await vi.waitFor(() => expect(frames()).toBeGreaterThan(0), PATIENCE);
  const { match } = bot;
  return {
    frames,
    async expectToPlayOn() {
      const [ticksBefore, framesBefore] = [await counted(live, "starwake_ticks_total"), frames()];
      await vi.waitFor(() => expect(frames() - framesBefore).toBeGreaterThan(FRAMES_TO_SEE), PATIENCE);
      expect(await counted(live, "starwake_ticks_total")).toBeGreaterThan(ticksBefore);
      // Whoever is dropped and comes back has a new match.
      expect(bot.match).toBe(match);
      expect([bot.client.losses, match?.counts.malformedFrames]).toEqual([0, 0]);
    },
    leave() {
      clearInterval(updating);
      bot.client.leave();
    },
  };
}

/** One of the server's counters; 0 while it has counted nothing. */
export async function counted(live: LiveServer, counter: string): Promise<number> {
  return (await live.metrics()).get(counter) ?? 0;
}

/** A raw WebSocket that said hello as the page does, closed with the test. */
export async function openRawGreeted(live: LiveServer): Promise<WebSocket> {
  const socket = await openRaw(live);
  const answered = nextMessage(socket, (text) => text.startsWith("4[0,"));
  socket.send(HELLO);
  await answered;
  return socket;
}

/** A raw WebSocket that has a seat in the room, and what it was told of it. */
export async function openRawSeated(live: LiveServer): Promise<{ socket: WebSocket; joined: Joined }> {
  const socket = await openRawGreeted(live);
  const joined = await askRaw(socket, 1, "join", { name: "Mallory", room: { kind: "quick" } });
  if (!joined.ok) throw new Error(joined.reason);
  return { socket, joined };
}

/** A command packet; unless told, one neutral command, from a client that has seen no frame. */
export function packetOf(some: Partial<CommandPacket<Command>>): Uint8Array<ArrayBuffer> {
  const writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  const packet = { ackTick: undefined, lookAge: 0, firstTick: 0, commands: [NEUTRAL_COMMAND], ...some };
  writeCommandPacket(writer, commandSchema, packet);
  return writer.bytes.slice(0, writer.byteLength);
}
