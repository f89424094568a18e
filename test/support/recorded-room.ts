/** The real game in a real room, with the server's own pilots and with people, recorded, on a clock moved by hand. */
import { GameClient, type GameClientOptions } from "@starwake/client/engine/game-client.ts";
import type { CreatePilot } from "@starwake/server/engine/pilot-crew.ts";
import { Room } from "@starwake/server/engine/room.ts";
import { SeatMemories } from "@starwake/server/engine/seat-memories.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import type { Command } from "@starwake/shared/game/command.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { createPilot } from "../../server/game/pilot.ts";
import { chanceOf } from "./chance.ts";
import { createHandClock } from "./hand-clock.ts";
import { createLoopback } from "./loopback.ts";
import { openRecordingFolder } from "./recording-folder.ts";
import { createServerByHand } from "./server-by-hand.ts";

export const STARWAKE = starwake as GameDefinition;
export const TICK_RATE = 60;

const TICK_MS = 1000 / TICK_RATE;
const PLAN = { frameRate: 30, packetRate: 60, budgetBytesPerSecond: 12_000, holdMs: 20_000 };

/** @param players people and pilots together, `people` of them people */
export function openRecordedRoom(players: number, people: number, seed = 1) {
  const clock = createHandClock();
  const folder = openRecordingFolder(STARWAKE);
  const setup = { seed, tickRate: TICK_RATE, capacity: players, mapSize: 0, role: "authority" } as const;
  const plan = { ...PLAN, setup, pilots: players };
  const { openRecorder } = folder;
  const server = createServerByHand(clock, STARWAKE, createPilot as CreatePilot, plan, openRecorder);
  const loopback = createLoopback({ clock, accept: server.lobby.accept, delayMs: () => 40 });
  if (people === 0) {
    // A room of pilots alone, which would end for want of people, is not told of that.
    const { departures, punctuality, rooms } = server.matchmaker;
    const parts = { game: STARWAKE, clock, meter: server.tally.meter, createPilot: createPilot as CreatePilot };
    const failed = (error: unknown) => {
      throw error;
    };
    const memories = new SeatMemories(TICK_RATE);
    const surroundings = { ...parts, openRecorder, departures, memories, punctuality, failed, emptied: () => {} };
    const room = new Room({ ...plan, code: "PILOTS", isPrivate: false }, surroundings);
    rooms.set("PILOTS", room);
    room.start();
  }
  const chance = chanceOf(seed);
  const flyers: { client: GameClient; wish: () => Command }[] = [];
  const seat = (who: Pick<GameClientOptions, "name" | "key">) => {
    const options = { game: STARWAKE, openLink: loopback.openLink, now: clock.now, token: undefined, chance };
    const client = new GameClient({ ...options, room: { kind: "quick" }, ...who });
    flyers.push({ client, wish: restlessWishes(seed + flyers.length) });
    return client;
  };
  const leave = (client: GameClient) => {
    client.leave();
    flyers.splice(
      flyers.findIndex((flyer) => flyer.client === client),
      1,
    );
  };
  for (let index = 0; index < people; index++) seat({ name: `Flyer ${index + 1}` });
  const run = async (seconds: number): Promise<void> => {
    for (let tick = 0; tick < seconds * TICK_RATE; tick++) {
      clock.advance(TICK_MS);
      // Replies are promises: those that are due are taken before the next frame.
      await new Promise((resolve) => setImmediate(resolve));
      for (const { client, wish } of flyers) client.update(wish);
    }
  };
  const close = async (): Promise<void> => {
    server.lobby.close();
    await folder.recorders.settled();
  };
  return { ...folder, tally: server.tally, loopback, run, close, seat, leave };
}

/** Somebody who thrusts, turns and fires at random. */
function restlessWishes(seed: number): () => Command {
  const random = createRandom(seed);
  let held: Command = { thrust: 1, boost: 0, triggers: 0, aim: 0 };
  return () => {
    if (nextBelow(random, 20) === 0)
      held = { ...held, thrust: nextBelow(random, 17), boost: nextBelow(random, 2), triggers: nextBelow(random, 4) };
    held = { ...held, aim: (held.aim + nextBelow(random, 9)) & 1023 };
    return held;
  };
}
