/** The work that every system is given: the same commands from the same seed, at the density that was asked for. */
import { BitWriter } from "@starwake/shared/engine/bit-stream.ts";
import { type CommandPacket, readCommandPacket } from "@starwake/shared/engine/command-packet.ts";
import { type Command, commandSchema } from "@starwake/shared/game/command.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { describe, expect, test } from "vitest";
import { CommandStream } from "./command-stream.ts";
import { othersAround, SURROUNDINGS_UNITS, sideForOthers } from "./density.ts";
import { PeerWorld } from "./peer-world.ts";
import { SendClock } from "./send-clock.ts";

function read(bytes: Uint8Array | undefined, near: number): CommandPacket<Command> {
  const packet = bytes && readCommandPacket(bytes, commandSchema, near);
  if (packet === undefined) throw new Error("it cannot be read");
  return packet;
}

/** All commands up to a tick, in packets that end at these. */
function commandsBy(stream: CommandStream, ends: readonly number[]): Command[] {
  return ends.flatMap((tick) => read(stream.packetUpTo(tick, undefined), tick).commands);
}

describe("the commands", () => {
  test("of one seed and player are the same, however they are cut into packets", () => {
    const [one, other] = [new CommandStream(7, 3), new CommandStream(7, 3)];
    const commands = commandsBy(one, [2, 3, 5, 6, 8, 9]);
    expect(commandsBy(other, [1, 4, 9])).toEqual(commands);
    expect(new Set(commands.map((command) => JSON.stringify(command))).size).toBeGreaterThan(1);
  });

  test("of two players differ", () => {
    const ends = Array.from({ length: 20 }, (_, index) => index + 1);
    expect(commandsBy(new CommandStream(7, 3), ends)).not.toEqual(commandsBy(new CommandStream(7, 4), ends));
  });

  test("begin at the player's first tick, and carry the acknowledgement", () => {
    const packet = read(new CommandStream(7, 3, 100).packetUpTo(101, 99), 100);
    expect(packet).toMatchObject({ firstTick: 100, ackTick: 99 });
    expect(packet.commands).toHaveLength(2);
  });

  test("there is no packet where no tick is due", () => {
    const stream = new CommandStream(7, 3);
    stream.packetUpTo(5, undefined);
    expect(stream.packetUpTo(5, undefined)).toBeUndefined();
  });

  test("who was held up for long lets go of the oldest", () => {
    const packet = read(new CommandStream(7, 3).packetUpTo(100, undefined), 100);
    expect(packet.firstTick + packet.commands.length - 1).toBe(100);
    expect(packet.commands).toHaveLength(16);
  });
});

type Place = { readonly x: number; readonly y: number };

describe("the density", () => {
  test.for([100, 400, 1158, 2048])("%i players have as many others around as asked for", (players) => {
    expect(othersAround(players, sideForOthers(players, 40))).toBeCloseTo(40, 0);
  });

  test("is what players spread by chance have around", () => {
    const players = 300;
    const world = new PeerWorld({ players, mapSize: sideForOthers(players, 40), seed: 5, frameSizes: [] });
    for (let count = 0; count < players; count++) world.join();
    const ships = [...world.living];
    const { width, height } = SURROUNDINGS_UNITS;
    const isAround = (one: Place, other: Place) =>
      Math.abs(one.x - other.x) < (width / 2) * QUANTA_PER_UNIT &&
      Math.abs(one.y - other.y) < (height / 2) * QUANTA_PER_UNIT;
    const pairs = ships.flatMap((one) => ships.filter((other) => other !== one && isAround(one, other)));
    expect(pairs.length / players).toBeGreaterThan(34);
    expect(pairs.length / players).toBeLessThan(46);
  });
});

describe("a peer's world", () => {
  const order = { players: 8, mapSize: 1280, seed: 3, frameSizes: [] };

  test("of the same seed and packets goes the same way", () => {
    const run = () => {
      const world = new PeerWorld(order);
      const streams = Array.from({ length: 8 }, (_, place) => ({
        player: world.join(),
        stream: new CommandStream(3, place),
      }));
      for (let tick = 1; tick <= 60; tick++) {
        for (const { player, stream } of streams) world.receive(player, stream.packetUpTo(tick, undefined)!);
        world.step();
      }
      return { ships: world.world.ships, shots: world.shots };
    };
    const { ships, shots } = run();
    expect(run()).toEqual({ ships, shots });
    expect(ships.some(({ vx, vy }) => vx !== 0 || vy !== 0)).toBe(true);
    expect(shots.length).toBeGreaterThan(0);
  });

  test("takes no harm from what is no packet", () => {
    const world = new PeerWorld(order);
    const player = world.join();
    world.receive(player, new BitWriter(new Uint8Array(3)).bytes);
    world.step();
    expect(world.living).toHaveLength(1);
  });
});

describe("a send clock", () => {
  test("is a little ahead of the server, by the frame that was delayed least", () => {
    const clock = new SendClock(30);
    expect(clock.lastTick(0)).toBeUndefined();
    clock.hear(30, 1_000);
    clock.hear(31, 1_060);
    expect(clock.lastTick(1_067)).toBe(32 + 4);
  });

  test("runs no further ahead of the newest frame when frames stay away", () => {
    const clock = new SendClock(30);
    clock.hear(30, 1_000);
    expect(clock.lastTick(5_000)).toBe(38);
  });
});
