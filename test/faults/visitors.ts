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

const HELLO = text(`4${JSON.stringify([0, { protocol: protocolHash(starwake as GameDefinition) }, null])}`);
const ask = (name: string, body: unknown, id: number) => text(`4${JSON.stringify([2, [name, body], id])}`);
const JOIN = ask("join", { name: "Visitor", room: { kind: "quick" } }, 1);
/** A visit that gets no further is over. */
const VISIT_MS = 1_500;
const STEP_MS = 15;

/** Makes visits until it is stopped. */
export function startVisiting(url: string): { stop(): Promise<void> } {
  const { port } = new URL(url);
  let isOver = false;
  const visiting = (async () => {
    for (let visit = 0; !isOver; visit++) {
      await Promise.all([visitOver(Number(port), VISITS[visit % VISITS.length]!), askHttp(url, visit)]);
    }
  })();
  return {
    stop() {
      isOver = true;
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

async function visitOver(port: number, visit: Visit): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  let heard = "";
  let isGone = false;
  socket.setEncoding("latin1").on("data", (some) => {
    heard += some;
  });
  socket.on("error", () => {});
  socket.on("close", () => {
    isGone = true;
  });
  const endMs = performance.now() + VISIT_MS;
  for (const step of visit) {
    if (typeof step === "string") {
      while (!heard.includes(step) && !isGone && performance.now() < endMs) await pause(STEP_MS / 5);
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
function askHttp(url: string, visit: number): Promise<void> {
  return new Promise((resolve) => {
    const asked = request(new URL(PATHS[visit % PATHS.length]!, url), { method: visit % 5 === 0 ? "POST" : "GET" });
    asked.setTimeout(VISIT_MS, () => asked.destroy());
    asked.on("response", (response) => response.resume());
    asked.on("error", () => {});
    asked.on("close", () => resolve());
    asked.end();
  });
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
