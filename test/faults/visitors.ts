/**
 * Visitors: they come, do everything that a peer can do, well and badly, and go, one after the other, so that every function
 * that serves a connection is called again and again.
 */
import { request } from "node:http";
import { connect, type Socket } from "node:net";
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { MAX_PACKET_BYTES, writeCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { NEUTRAL_COMMAND } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { frame, text, upgradeRequest } from "../support/raw-wire.ts";

const PROTOCOL = protocolHash(starwake as GameDefinition);
const helloWith = (wish: object) => text(`4${JSON.stringify([0, { protocol: PROTOCOL, ...wish }, null])}`);
const HELLO = helloWith({});
const ask = (name: string, body: unknown, id: number) => text(`4${JSON.stringify([2, [name, body], id])}`);
const JOIN = ask("join", { name: "Visitor", room: { kind: "quick" } }, 1);
/** Between two steps, so that each is read by itself. */
const STEP_MS = 15;
/** Ends a visit that hangs, and judges nothing. */
const HANGING_MS = 240_000;

export type Visiting = {
  /** How often every kind of visit has been made. */
  rounds(): number;
  /** Breaks off the visit that is being made: after a fault it may wait for what never comes. */
  breakOff(): void;
  stop(): Promise<void>;
};

/** Makes visits, one after the other, until it is stopped. */
export function startVisiting(url: string): Visiting {
  const { port } = new URL(url);
  let visits = 0;
  let isOver = false;
  let current = new AbortController();
  const visiting = (async () => {
    for (; !isOver; visits++) {
      current = new AbortController();
      const { signal } = current;
      const visit = VISITS[visits % VISITS.length]!;
      const hanging = setTimeout(() => current.abort(), HANGING_MS);
      await Promise.all([visitOver(Number(port), visit, signal), askHttp(url, visits, signal)]);
      clearTimeout(hanging);
    }
  })();
  return {
    rounds: () => Math.floor(visits / Math.max(VISITS.length, PATHS.length)),
    breakOff: () => current.abort(),
    stop() {
      isOver = true;
      current.abort();
      return visiting;
    },
  };
}

/** What a visitor says, step by step; a string is a step at which it waits to have heard that. */
type Visit = readonly (Uint8Array | string)[];

const seated: Visit = [upgradeRequest(), '"sid"', HELLO, "4[0,", JOIN, "4[3,"];
const VISITS: readonly Visit[] = [
  [...seated, packet(), packet(), ask("ping", {}, 2), "4[3,", packet(), ask("leave", {}, 3), text("4[1,null,null]")],
  [...seated, packet(), frame(2, "x"), text("4{"), text("4[2,[]]"), frame(2, new Uint8Array([2])), packet()],
  [...seated, ask("join", { name: "\u3164", room: { kind: "new" } }, 4), ask("spare", { token: "none" }, 5), "4[3,"],
  [
    ...seated,
    frame(9, "ping"),
    frame(1, "4", false),
    frame(0, "{"),
    text("3"),
    text("6"),
    frame(8, new Uint8Array([3, 232])),
  ],
  [upgradeRequest(), '"sid"', helloWith({ join: { name: "Visitor", room: { kind: "quick" } } }), "joinReply", packet()],
  [upgradeRequest(), '"sid"', helloWith({ spare: { token: "none" } }), "spareReply"],
  [upgradeRequest(), '"sid"', helloWith({ join: { name: 7 } }), "4[4,"],
  [upgradeRequest(), '"sid"', text('4[0,{"protocol":"another"},null]'), "4[4,"],
  [upgradeRequest(), '"sid"', HELLO, "4[0,", ask("join", { name: "N", room: { kind: "new" } }, 1), "4[3,", packet()],
  [...seated, packet(), HELLO],
  [...seated, ...Array.from({ length: 30 }, () => Buffer.concat(Array.from({ length: 80 }, () => packet())))],
  [upgradeRequest("/socket.io/?EIO=4&transport=polling")],
  [upgradeRequest(), '"sid"', HELLO, "4[0,", frame(1, "x".repeat(20_000))],
];

function packet(): Uint8Array {
  const writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  const said = {
    ackTick: undefined,
    lookAge: 0,
    firstTick: Math.floor(Math.random() * 65_536),
    commands: [NEUTRAL_COMMAND],
  };
  writeCommandPacket(writer, starwake.command, said);
  return frame(2, writer.bytes.slice(0, writer.byteLength));
}

async function visitOver(port: number, visit: Visit, brokenOff: AbortSignal): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  let isGone = false;
  brokenOff.addEventListener("abort", () => socket.destroy());
  socket.setEncoding("latin1").on("data", (some) => {
    heard += some;
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    isGone = true;
  });
  for (const step of visit) {
    if (typeof step === "string") {
      while (!heard.includes(step) && !isGone) await pause(STEP_MS / 5);
      heard = "";
    } else if (!isGone) {
      socket.write(step);
      await pause(STEP_MS);
    }
  }
  await end(socket);
}

/** By turns as one who leaves, and as one whose network is gone. */
async function end(socket: Socket): Promise<void> {
  if (Math.random() < 0.5) socket.end();
  else socket.resetAndDestroy();
  await pause(STEP_MS);
  socket.destroy();
}

const PATHS = ["/", "/healthz", "/readyz", "/metrics", "/nothing", "/%", "/assets/nothing.js"];

/** An HTTP request, whatever comes of it. */
function askHttp(url: string, visit: number, brokenOff: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const address = new URL(PATHS[visit % PATHS.length]!, url);
    const asked = request(address, { method: visit % 5 === 0 ? "POST" : "GET", signal: brokenOff });
    asked.on("response", (response) => response.resume());
    asked.on("error", () => {});
    asked.on("close", () => resolve());
    asked.end();
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
