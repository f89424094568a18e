/** An attack: connections that throw fuzzed frames at a server, and come back as often as they are closed. */
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { protocolHash } from "@starwake/shared/engine/protocol.ts";
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { Fuzzer } from "./fuzz.ts";

/** The right hello: without it nothing that follows would be heard. */
const HELLO = `4${JSON.stringify([0, { protocol: protocolHash(starwake as GameDefinition) }, null])}`;
const JOIN = '4[2,["join",{"name":"Mallory","room":{"kind":"quick"}}],0]';
/** The number of a question whose answer is waited for; no fuzzed frame has it. */
const QUESTION = 123_456;
/** A connection's frames come in bursts, after each of which it asks to be answered: fewer than would be flooding. */
const BURST = 34;
const BURSTS_A_CONNECTION = 4;
/** One connection in so many floods instead. */
const FLOODS_ONE_IN = 40;
const FRAMES_OF_A_FLOOD = 2_500;

export type Attack = {
  readonly url: string;
  readonly seed: number;
  /** Frames that the server is to have read in the end. */
  readonly frames: number;
  readonly connections: number;
};

/** @returns how many frames the server is known to have read, and over how many connections */
export async function attack(plan: Attack): Promise<{ frames: number; connections: number }> {
  const thrown = { frames: 0, connections: 0 };
  const throwOn = async (stream: number) => {
    const random = createRandom(plan.seed, stream);
    const fuzzer = new Fuzzer(random, starwake.command);
    while (thrown.frames < plan.frames) {
      const socket = await open(plan.url);
      if (socket === undefined) continue;
      if (nextBelow(random, 4) > 0) socket.send(JOIN);
      const read = nextBelow(random, FLOODS_ONE_IN) === 0 ? await flood(socket, fuzzer) : await fuzz(socket, fuzzer);
      socket.close();
      thrown.connections++;
      thrown.frames += read;
    }
  };
  await Promise.all(Array.from({ length: plan.connections }, (_, index) => throwOn(index)));
  return thrown;
}

/**
 * A connection that was let in: before that is said, one frame more ends it. Undefined when it was closed before, as the
 * server may where the machine let the hello wait.
 * @throws when there is no server any more
 */
async function open(url: string): Promise<WebSocket | undefined> {
  const socket = new WebSocket(`${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`);
  const isLetIn = heardOrClosed(socket, (text) => text.startsWith("4[0,"));
  socket.addEventListener("open", () => socket.send(HELLO));
  if (await isLetIn) return socket;
  await fetch(`${url}/healthz`);
  return undefined;
}

/** Throws bursts until the connection is closed, or has had enough. @returns how many frames were surely read */
async function fuzz(socket: WebSocket, fuzzer: Fuzzer): Promise<number> {
  let read = 0;
  for (let burst = 0; burst < BURSTS_A_CONNECTION && socket.readyState === WebSocket.OPEN; burst++) {
    for (let frame = 0; frame < BURST; frame++) socket.send(fuzzer.frame());
    if (await isAnswered(socket)) read += BURST;
  }
  if (socket.readyState === WebSocket.OPEN) socket.send(fuzzer.lastFrame());
  return read;
}

/** Throws more than may be sent, until it is sent away. What of that was read nobody says. */
async function flood(socket: WebSocket, fuzzer: Fuzzer): Promise<number> {
  for (let frame = 0; frame < FRAMES_OF_A_FLOOD; frame++) socket.send(fuzzer.frame());
  while (socket.readyState === WebSocket.OPEN && socket.bufferedAmount > 0)
    await new Promise((resolve) => setImmediate(resolve));
  return 0;
}

/** Whether the server answers a question, and so has read all that came before it; false: the connection was closed. */
async function isAnswered(socket: WebSocket): Promise<boolean> {
  const heard = heardOrClosed(socket, (text) => text.startsWith("4[3,") && text.endsWith(`,${QUESTION}]`));
  if (socket.readyState === WebSocket.OPEN) socket.send(`4[2,["ping",{}],${QUESTION}]`);
  return heard;
}

/** Resolves with true at the first text that fits, with false when the connection is closed, or is so already. */
function heardOrClosed(socket: WebSocket, fits: (text: string) => boolean): Promise<boolean> {
  return new Promise((resolve) => {
    const hearing = new AbortController();
    const settle = (isHeard: boolean) => {
      hearing.abort();
      resolve(isHeard);
    };
    const listen = ({ data }: MessageEvent<unknown>) => void (typeof data === "string" && fits(data) && settle(true));
    socket.addEventListener("message", listen, { signal: hearing.signal });
    for (const event of ["close", "error"])
      socket.addEventListener(event, () => settle(false), { signal: hearing.signal });
    if (socket.readyState > WebSocket.OPEN) settle(false);
  });
}
