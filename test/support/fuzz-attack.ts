/** An attack: connections that throw fuzzed frames at a server, and come back as often as they are closed. */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { createRandom, nextBelow, type Random } from "@starwake/shared/engine/random.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { Fuzzer } from "./fuzz.ts";

/** The right hello: without it nothing that follows would be heard. */
const HELLO = `4${JSON.stringify([0, { protocol: protocolHash(starwake as GameDefinition) }, null])}`;
const JOIN = '4[2,["join",{"name":"Mallory","room":{"kind":"quick"}}],0]';
/** As many as the server reads at once, and one in so many connections goes on for longer. */
const FRAMES_A_CONNECTION = 140;
const FRAMES_OF_A_FLOOD = 2_500;
const FLOODS_ONE_IN = 40;
/** Frames between two looks at what has become of the connection. */
const BURST = 35;

export type Attack = {
  readonly url: string;
  readonly seed: number;
  readonly frames: number;
  readonly connections: number;
};

/** @returns how many frames were thrown, over how many connections */
export async function attack(plan: Attack): Promise<{ frames: number; connections: number }> {
  const thrown = { frames: 0, connections: 0 };
  const throwOn = async (seed: number) => {
    const random = createRandom(plan.seed, seed);
    const fuzzer = new Fuzzer(random, starwake.command);
    while (thrown.frames < plan.frames) {
      thrown.connections++;
      const sent = await throwFrames(plan.url, random, fuzzer);
      thrown.frames += sent;
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, (_, index) => throwOn(index)));
  return thrown;
}

async function throwFrames(url: string, random: Random, fuzzer: Fuzzer): Promise<number> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
  const closing = new Promise<void>((resolve) => socket.addEventListener("close", () => resolve(), { once: true }));
  await new Promise<void>((resolve) => {
    socket.addEventListener("open", () => resolve(), { once: true });
    socket.addEventListener("error", () => resolve(), { once: true });
  });
  if (socket.readyState !== WebSocket.OPEN) throw new Error("the server does not take connections any more");
  socket.send(HELLO);
  if (nextBelow(random, 4) > 0) socket.send(JOIN);
  const most = nextBelow(random, FLOODS_ONE_IN) === 0 ? FRAMES_OF_A_FLOOD : FRAMES_A_CONNECTION;
  let sent = 0;
  while (sent < most && socket.readyState === WebSocket.OPEN) {
    for (const end = Math.min(most, sent + BURST); sent < end; sent++) socket.send(fuzzer.frame());
    await drained(socket);
  }
  socket.close();
  await closing;
  return sent;
}

/** Waits until what was sent has left, or the connection is closed. */
async function drained(socket: WebSocket): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve));
  while (socket.bufferedAmount > 0 && socket.readyState === WebSocket.OPEN);
}
