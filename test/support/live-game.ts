/**
 * A server of the toy game on a real socket and the real clock, with one honest player in it: whatever is done to the
 * server, that player must not notice.
 */
import { openSocketLink } from "@starwake/client/engine/connection.ts";
import { GameClient } from "@starwake/client/engine/game-client.ts";
import type { Clock } from "@starwake/server/engine/clock.ts";
import { SystemClock } from "@starwake/server/engine/system-clock.ts";
import type { JoinReply } from "@starwake/shared/engine/protocol.ts";
import { expect, onTestFinished } from "vitest";
import { nextMessage, openRawSeated, PROTOCOL, startTransport } from "./live-transport.ts";
import { createToyServer, matchOf, STILL_WISH, TICK_RATE, TOY, type ToyClient } from "./toy-server.ts";

/** No timer of an unbroken server throws. */
const fail = (error: unknown) => {
  throw error;
};
const FRAMES_TO_SEE = 4;
const OFTEN = { interval: 5 };

export async function startLiveGame() {
  const clock = new SystemClock(fail);
  const server = createToyServer(clock, { frameRate: TICK_RATE });
  const { meter } = server.tally;
  const packetTaken = () => clock.ringDue();
  const transport = await startTransport(server.lobby.accept, { clock, countRefusal: meter.refused, packetTaken });
  onTestFinished(() => server.lobby.close());
  const honest = openHonest(transport.port, clock);
  await expect.poll(() => honest.client.state.state, OFTEN).toBe("playing");
  /** Sees that ticks and the honest player's frames go on, and that they were never sent away. */
  const expectToGoOn = async () => {
    const ticks = server.tally.ticks;
    const { frames } = matchOf(honest).counts;
    await expect.poll(() => matchOf(honest).counts.frames - frames, OFTEN).toBeGreaterThan(FRAMES_TO_SEE);
    await expect.poll(() => server.tally.ticks - ticks, OFTEN).toBeGreaterThan(FRAMES_TO_SEE);
    expect([honest.client.losses, matchOf(honest).counts.malformedFrames, transport.errors]).toEqual([0, 0, []]);
  };
  return { ...server, port: transport.port, transport, honest, expectToGoOn };
}

export type LiveGame = Awaited<ReturnType<typeof startLiveGame>>;

/** A client as the page has it, updated once a tick. */
function openHonest(port: number, clock: Clock): ToyClient {
  const client = new GameClient({
    game: TOY,
    openLink: (handlers) => openSocketLink(`http://127.0.0.1:${port}`, PROTOCOL, handlers),
    now: () => clock.now(),
    name: "Honest",
    room: { kind: "quick" },
    token: undefined,
  });
  const honest: ToyClient = { client, wish: () => STILL_WISH };
  const updating = setInterval(() => client.update(honest.wish), 1000 / TICK_RATE);
  onTestFinished(() => {
    clearInterval(updating);
    client.leave();
  });
  return honest;
}

/** A raw socket that was let in and has a seat, and what it was told of it. */
export async function openRawJoined({ transport }: LiveGame) {
  const socket = await openRawSeated(transport);
  const reply = await askRaw(socket, 1, "join", { name: "Raw", room: { kind: "quick" } });
  if (!reply.ok) throw new Error(reply.reason);
  return { socket, joined: reply };
}

/** Asks as the wire parser has it, and waits for the answer to that number. */
export async function askRaw(socket: WebSocket, id: number, name: string, body: unknown): Promise<JoinReply> {
  const answered = nextMessage(socket, (text) => text.startsWith("4[3,") && text.endsWith(`,${id}]`));
  socket.send(`4${JSON.stringify([2, [name, body], id])}`);
  return JSON.parse((await answered).slice(1))[1][0];
}

/** Waits until so many were counted under a reason. */
export async function expectRefused({ tally }: LiveGame, reason: string, count = 1): Promise<void> {
  await expect.poll(() => tally.refusals.get(reason) ?? 0, OFTEN).toBeGreaterThanOrEqual(count);
}
