/** A client that is refused for a while asks again until it is let in or leaves, and says meanwhile what it waits for. */
import { type AddressLimits, NO_LIMITS } from "@starwake/server/engine/address-limits.ts";
import { ASK_AGAIN_REFUSALS, REFUSALS, type Refusal } from "@starwake/shared/engine/protocol.ts";
import { describe, expect, test } from "vitest";
import { chanceOf } from "../support/chance.ts";
import { createLoopback } from "../support/loopback.ts";
import { SEED } from "../support/seed.ts";
import { createToyServer, refusalOf, startToyServer, type ToyClient } from "../support/toy-server.ts";

const LIFTED = Number.POSITIVE_INFINITY;

/** A server whose lobby refuses every join until it is opened; `askedMs`, `wishes`: when it was asked, and for what. */
function startShut(reason: Refusal) {
  const askedMs: number[] = [];
  const wishes: unknown[] = [];
  const door = { isOpen: false };
  const server = startToyServer();
  const { clock, lobby } = server;
  const loopback = createLoopback({
    clock,
    accept: (connection) => {
      const handlers = lobby.accept(connection);
      const request: typeof handlers.request = (name, body) => {
        if (name !== "join") return handlers.request(name, body);
        askedMs.push(clock.now());
        wishes.push(body);
        return door.isOpen ? handlers.request(name, body) : ({ ok: false, reason } as never);
      };
      return { ...handlers, request };
    },
  });
  return { ...server, askedMs, wishes, door, shutLink: loopback.openLink };
}

const gapsOf = (times: readonly number[]) => times.slice(1).map((ms, index) => ms - times[index]);

describe("a refusal that passes", () => {
  test.for([...ASK_AGAIN_REFUSALS])("%s: is asked again until the player is let in", async (reason) => {
    const server = startShut(reason);
    const player = server.open({}, server.shutLink);
    await server.run(20_000);
    expect(player.client.state).toEqual({ state: "connecting", waitsFor: reason });
    server.door.isOpen = true;
    await server.run(17_000);
    expect(player.client.state.state).toBe("playing");
  });

  test.for(REFUSALS.filter((reason) => !ASK_AGAIN_REFUSALS.has(reason) && reason !== "already-joined"))(
    "%s is none: it is asked once, and the reason is kept",
    async (reason) => {
      const server = startShut(reason);
      const player = server.open({}, server.shutLink);
      await server.run(30_000);
      expect([refusalOf(player), server.askedMs.length]).toEqual([reason, 1]);
    },
  );

  test("already-joined is asked once more, for whatever seat the connection has, and then kept", async () => {
    const server = startShut("already-joined");
    const player = server.open({ room: { kind: "new" }, token: "of-before" }, server.shutLink);
    await server.run(30_000);
    expect(refusalOf(player)).toBe("already-joined");
    const own = { name: "", room: { kind: "quick" }, shape: 0 };
    expect(server.wishes).toEqual([{ ...own, room: { kind: "new" }, token: "of-before" }, own]);
  });

  test("is asked again after waits that grow, and that chance spreads", async () => {
    const askAll = async (chance: () => number) => {
      const server = startShut("too-many-joins");
      server.open({ chance }, server.shutLink);
      await server.run(60_000);
      return gapsOf(server.askedMs);
    };
    const [shortest, longest] = [await askAll(() => 0), await askAll(() => 0.999)];
    // Up to a tick later than is due.
    const near = (gaps: readonly number[]) => gaps.map((ms) => Math.round(ms / 250) * 250);
    expect(near(shortest).slice(0, 6)).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
    expect(near(longest).slice(0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 16_000]);
  });

  test("is not asked again by one who left", async () => {
    const server = startShut("server-full");
    const player = server.open({}, server.shutLink);
    await server.run(3_000);
    player.client.leave();
    const asked = server.askedMs.length;
    await server.run(60_000);
    expect(server.askedMs).toHaveLength(asked);
  });

  test("on the way back is told as reconnecting, with what is waited for, until play goes on", async () => {
    const server = startShut("too-many-joins");
    server.door.isOpen = true;
    const player = server.open({}, server.shutLink);
    await server.run(500);
    server.door.isOpen = false;
    const { client } = player;
    server.lobby.close();
    await server.run(3_000);
    expect(client.state).toMatchObject({ state: "reconnecting", isServerClosing: true, waitsFor: "too-many-joins" });
  });

  test("to ask for the same seat after a bad frame leaves the match going", async () => {
    const server = startShut("too-many-joins");
    server.door.isOpen = true;
    let spoils = false;
    const player = server.open({}, (handlers) =>
      server.shutLink({ ...handlers, frame: (bytes) => handlers.frame(spoils ? bytes.subarray(0, 6) : bytes) }),
    );
    await server.run(500);
    [spoils, server.door.isOpen] = [true, false];
    await server.run(2_000);
    [spoils, server.door.isOpen] = [false, true];
    expect(player.client.state.state).toBe("playing");
    const { state } = player.client;
    await server.run(20_000);
    expect(player.client.state.state).toBe("playing");
    expect(player.client.state).not.toBe(state);
  });
});

test("a link's last word that passes is told as what is waited for, and the player comes in", async () => {
  const server = startToyServer();
  let refusals = 3;
  const loopback = createLoopback({
    clock: server.clock,
    accept: (connection) => {
      if (refusals-- > 0) server.clock.after(0, () => connection.close("server-full"));
      return server.lobby.accept(connection);
    },
  });
  const player = server.open({}, loopback.openLink);
  await server.run(100);
  expect(player.client.state).toEqual({ state: "connecting", waitsFor: "server-full" });
  await server.run(5_000);
  expect(player.client.state.state).toBe("playing");
});

const PLAN = { capacity: 64, tickRate: 25, frameRate: 5, packetRate: 5 };

/** Players of one address whose server ends, and begins anew. @returns the seconds until all play again */
async function restart(players: number, limits: Partial<AddressLimits>) {
  const server = startToyServer({ ...PLAN, limits: NO_LIMITS });
  const lobbies = [server.lobby];
  const loopback = createLoopback({
    clock: server.clock,
    accept: (connection) => lobbies.at(-1)!.accept(connection),
  });
  const chance = chanceOf(SEED);
  const all = Array.from({ length: players }, () => server.open({ chance }, loopback.openLink));
  // Rooms open by a budget: those for whom there is none yet ask again.
  await server.run(10_000);
  const isPlaying = ({ client }: ToyClient) => client.state.state === "playing";
  const playing = () => all.filter(isPlaying).length;
  expect(playing()).toBe(players);
  server.lobby.close();
  const second = createToyServer(server.clock, { ...PLAN, limits });
  lobbies.push(second.lobby);
  let seconds = 0;
  let newly: readonly ToyClient[] = [];
  for (; seconds < 120 && (seconds === 0 || playing() < players); seconds++) {
    await server.run(1_000);
    // Who has played for a second may sleep: that changes nothing here, and takes less time.
    for (const player of newly) server.neglect(player);
    newly = all.filter(isPlaying);
  }
  expect(second.matchmaker.occupancy().humans).toBe(playing());
  return { seconds, playing: playing(), refused: all.flatMap((player) => refusalOf(player) ?? []) };
}

test(`after a restart a school of 64 behind one address plays on within two seconds (SEED=${SEED})`, async () => {
  expect(await restart(64, {})).toEqual({ seconds: expect.toSatisfy((s: number) => s <= 2), playing: 64, refused: [] });
});

test(`after a restart 293 players behind one address all play again (SEED=${SEED})`, async () => {
  const { seconds, playing, refused } = await restart(293, { seats: LIFTED });
  expect([playing, refused]).toEqual([293, []]);
  // A hundred at once, then ten a second: who asks in vain wastes no turn of another's for long.
  expect(seconds).toBeLessThanOrEqual(19.3 + 17);
});
