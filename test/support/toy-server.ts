/**
 * A server's parts from the lobby on, playing the toy game, and clients for them over a loopback: all on one clock
 * moved by hand, so that seconds of a match take milliseconds and go the same way every time.
 */
import { GameClient, type GameClientOptions } from "@starwake/client/engine/game-client.ts";
import type { Link, OpenLink } from "@starwake/client/engine/link.ts";
import type { Match } from "@starwake/client/engine/match.ts";
import { type AddressLimits, DEFAULT_LIMITS } from "@starwake/server/engine/address-limits.ts";
import type { Clock } from "@starwake/server/engine/clock.ts";
import { DEFAULT_ROOM_LIMITS, type RoomPlan } from "@starwake/server/engine/matchmaker.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import type { OpenRecorder } from "@starwake/server/engine/recorder.ts";
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { type CommandPacket, MAX_PACKET_BYTES, writeCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import type { Joined, JoinReply, JoinRequest } from "@starwake/shared/engine/protocol.ts";
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { dots, type Wish } from "../engine/toy-game.ts";
import { chanceOf } from "./chance.ts";
import { createHandClock } from "./hand-clock.ts";
import { createLoopback } from "./loopback.ts";
import { createServerByHand } from "./server-by-hand.ts";

export const TOY = dots as GameDefinition;
export const TICK_RATE = 50;
export const HOLD_MS = 20_000;
const TICK_MS = 1000 / TICK_RATE;

export type ToyPlan = Partial<Omit<RoomPlan, "setup">> &
  Partial<RoomPlan["setup"]> & {
    readonly game?: GameDefinition;
    readonly openRecorder?: OpenRecorder;
    /** Beside the usual ones. */
    readonly limits?: Partial<AddressLimits>;
  };

/** Lobby, matchmaker and meter of a server that plays the toy game. */
export function createToyServer(clock: Clock, plan: ToyPlan = {}) {
  const { seed = 1, tickRate = TICK_RATE, capacity = 8, mapSize = 0, game = TOY, openRecorder, limits, ...rest } = plan;
  const rates = { frameRate: 25, packetRate: 50, budgetBytesPerSecond: 100_000 };
  const setup = { seed, tickRate, capacity, mapSize, role: "authority" } as const;
  const whole = { setup, ...rates, pilots: 0, holdMs: HOLD_MS, ...DEFAULT_ROOM_LIMITS, ...rest };
  const allLimits = { ...DEFAULT_LIMITS, ...limits };
  return createServerByHand(clock, game, createToyPilot as CreatePilot, whole, openRecorder, allLimits);
}

/** Flies about and throws now and then, all of it from its seed. */
function createToyPilot(seed: number): { name: string; command(): Wish } {
  const random = createRandom(seed);
  return { name: `Pilot ${seed & 0xff}`, command: () => randomWish(random) };
}

export function randomWish(random: ReturnType<typeof createRandom>): Wish {
  return { heading: nextBelow(random, 9), facing: nextBelow(random, 256), throws: nextBelow(random, 16) === 0 ? 1 : 0 };
}

export const STILL_WISH: Wish = { heading: 0, facing: 0, throws: 0 };

/** A client and what it holds down. */
export type ToyClient = { readonly client: GameClient; wish: () => Wish };

/** A server and its network, whose delay can be changed while it runs. */
export function startToyServer(plan: ToyPlan = {}, network: { delayMs: () => number } = { delayMs: () => 0 }) {
  const clock = createHandClock();
  const server = createToyServer(clock, plan);
  const loopback = createLoopback({ clock, accept: server.lobby.accept, delayMs: () => network.delayMs() });
  const clients: ToyClient[] = [];
  const chance = chanceOf();
  const open = (some: Partial<GameClientOptions> = {}, openLink: OpenLink = loopback.openLink): ToyClient => {
    const options = {
      game: TOY,
      openLink,
      now: clock.now,
      name: "",
      room: { kind: "quick" } as const,
      token: undefined,
      chance,
    };
    const toy: ToyClient = { client: new GameClient({ ...options, ...some }), wish: () => STILL_WISH };
    clients.push(toy);
    return toy;
  };
  /** Lets time pass, a rendered frame of each client for each tick. */
  const run = async (ms: number): Promise<void> => {
    for (const endMs = clock.now() + ms; clock.now() < endMs; ) {
      clock.advance(Math.min(TICK_MS, endMs - clock.now()));
      // Replies are promises: those that are due are taken before the next frame.
      await new Promise((resolve) => setImmediate(resolve));
      for (const { client, wish } of clients) client.update(wish);
    }
  };
  /** A client that has its seat, and has seen its first frames. */
  const join = async (some: Partial<GameClientOptions> = {}, openLink?: OpenLink): Promise<ToyClient> => {
    const toy = open(some, openLink);
    await run(200);
    return toy;
  };
  /** A way to the server from another address. */
  const linkFrom = (address: string): OpenLink =>
    createLoopback({ clock, accept: server.lobby.accept, delayMs: () => network.delayMs(), address }).openLink;
  /** From now on a client is as if asleep: it is not updated any more. */
  const neglect = (toy: ToyClient) => {
    const place = clients.indexOf(toy);
    if (place >= 0) clients.splice(place, 1);
  };
  return { ...server, clock, loopback, network, open, join, run, neglect, linkFrom };
}

export type ToyServer = ReturnType<typeof startToyServer>;

/** A player by hand: says what it is told to say, and acknowledges nothing by itself. */
export type ByHand = {
  readonly link: Link;
  readonly frames: Uint8Array[];
  /** Everything that happened to the link, by name; a refusal by its reason. */
  readonly heard: string[];
  ask(some?: Partial<JoinRequest>): Promise<JoinReply>;
  /** Asks, and sends a first command: from then on somebody plays. @throws when it is refused */
  play(some?: Partial<JoinRequest>): Promise<Joined>;
  send(packet: Partial<CommandPacket<Wish>>): void;
};

/** @param openLink the loopback's own unless given */
export async function openByHand(
  { loopback, run }: ToyServer,
  openLink: OpenLink = loopback.openLink,
): Promise<ByHand> {
  const frames: Uint8Array[] = [];
  const heard: string[] = [];
  const link = openLink({
    opened: () => heard.push("opened"),
    lost: () => heard.push("lost"),
    refused: (reason) => heard.push(reason),
    frame: (bytes) => frames.push(bytes),
    notice: (name) => heard.push(name),
  });
  await run(TICK_MS);
  const ask = async (some: Partial<JoinRequest> = {}) => {
    const reply = link.request("join", { name: "By hand", room: { kind: "quick" }, ...some });
    await run(TICK_MS);
    return reply;
  };
  const send = (packet: Partial<CommandPacket<Wish>>) => link.sendPacket(packetBytes(packet));
  const play = async (some?: Partial<JoinRequest>) => {
    const reply = await ask(some);
    if (!reply.ok) throw new Error(reply.reason);
    send({ firstTick: reply.tick + 10 });
    await run(TICK_MS);
    return reply;
  };
  return { link, frames, heard, ask, play, send };
}

/** A command packet of the toy game; unless told, one neutral command, from a client that has seen no frame. */
export function packetBytes(some: Partial<CommandPacket<Wish>>): Uint8Array<ArrayBuffer> {
  const writer = new BitWriter(new Uint8Array(MAX_PACKET_BYTES));
  const packet = { ackTick: undefined, lookAge: 0, firstTick: 0, commands: [STILL_WISH], ...some };
  writeCommandPacket(writer, dots.command, packet);
  return writer.bytes.slice(0, writer.byteLength);
}

/** The match that a client plays. @throws when it does not play. */
export function matchOf({ client }: ToyClient): Match {
  if (client.state.state !== "playing") throw new Error(`the client is ${client.state.state}, not playing`);
  return client.state.match;
}

/** Why a client was refused, or undefined. */
export function refusalOf({ client }: ToyClient): string | undefined {
  return client.state.state === "refused" ? client.state.reason : undefined;
}
