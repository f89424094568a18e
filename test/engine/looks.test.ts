/** The ticks that players see the others at, as a room hands them to its game. */

import type { CommandPacket } from "@starwake/shared/engine/command-packet.ts";
import { frameTickOf } from "@starwake/shared/engine/frame.ts";
import type { GameDefinition, Looks } from "@starwake/shared/engine/game-definition.ts";
import type { Tick } from "@starwake/shared/engine/tick.ts";
import { expect, test } from "vitest";
import {
  type ByHand,
  openByHand,
  STILL_WISH,
  startToyServer,
  TICK_RATE,
  TOY,
  type ToyServer,
} from "../support/toy-server.ts";
import type { Wish } from "./toy-game.ts";

const TICK_MS = 1000 / TICK_RATE;
/** Without delay: a command waits for its tick, a frame is the newest for two ticks, and a picture a little older. */
const HONEST_MOST = 6;

/** A server without delay, and by how many ticks players were taken to see the others late, in each tick that knew. */
function startWatched() {
  const lags: number[] = [];
  const game: GameDefinition = {
    ...TOY,
    step(world, commands, looks: Looks = new Map()) {
      for (const look of looks.values()) lags.push(world.tick + 1 - look);
      TOY.step(world, commands, looks);
    },
  };
  return { server: startToyServer({ game }), lags };
}

/** Undefined: nothing is sent. */
type Said = Partial<CommandPacket<Wish>> | undefined;

/** Has a player by hand send a command for each tick, with what it says of the newest frame that it was sent. */
async function play(server: ToyServer, hand: ByHand, seconds: number, say: (newest: Tick, index: number) => Said) {
  for (let index = 0; index < seconds * TICK_RATE; index++) {
    await server.run(TICK_MS);
    const bytes = hand.frames.at(-1);
    const newest = bytes === undefined ? undefined : frameTickOf(bytes, 0);
    const said = newest === undefined ? undefined : say(newest, index);
    if (said !== undefined) hand.send({ firstTick: newest! + 3, commands: [STILL_WISH], ...said });
  }
}

test("a look that is older than round trips and interpolation explain is not believed", async () => {
  const { server, lags } = startWatched();
  const hand = await openByHand(server);
  await hand.ask();
  await play(server, hand, 10, (ackTick) => ({ ackTick, lookAge: 40 }));
  expect(Math.max(...lags.slice(-2 * TICK_RATE))).toBeLessThanOrEqual(HONEST_MOST);
});

test("nor is one in a packet that acknowledges an old frame", async () => {
  const { server, lags } = startWatched();
  const hand = await openByHand(server);
  await hand.ask();
  await play(server, hand, 10, (newest, index) => ({ ackTick: index % 50 === 0 ? newest : newest - 12, lookAge: 10 }));
  // It is taken for a network that strays, of which a part of a second is believed at most.
  expect(Math.max(...lags.slice(-2 * TICK_RATE))).toBeLessThanOrEqual(HONEST_MOST + 0.12 * TICK_RATE);
});

test("nor is one whose packet tells of many ticks at once", async () => {
  const { server, lags } = startWatched();
  const hand = await openByHand(server);
  await hand.ask();
  const commands = new Array(16).fill(STILL_WISH);
  await play(server, hand, 10, (ackTick, index) => (index % 16 === 0 ? { ackTick, lookAge: 5, commands } : undefined));
  expect(Math.max(...lags.slice(-2 * TICK_RATE))).toBeLessThanOrEqual(HONEST_MOST + 3);
});

test("nor is one of a player who has just taken the seat again", async () => {
  const { server, lags } = startWatched();
  const hand = await openByHand(server);
  const reply = await hand.ask();
  if (!reply.ok) throw new Error(reply.reason);
  await play(server, hand, 10, (ackTick) => ({ ackTick, lookAge: 1 }));
  lags.length = 0;
  await hand.ask({ token: reply.token });
  await play(server, hand, 5, (ackTick) => ({ ackTick, lookAge: 40 }));
  expect(lags.length).toBeGreaterThan(4 * TICK_RATE);
  expect(Math.max(...lags)).toBeLessThanOrEqual(HONEST_MOST);
});
