/** Players of Starwake: cheap ones that answer frames without reading them, and real ones, by the page's own client. */
import { openSocketLink } from "@starwake/client/engine/connection.ts";
import { GameClient } from "@starwake/client/engine/game-client.ts";
import type { Picture } from "@starwake/client/engine/match.ts";
import { FRAME_TAG, frameTickOf } from "@starwake/shared/engine/frame.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { type JoinReply, protocolHash, type RoomWish } from "@starwake/shared/engine/protocol.ts";
import { Kind, shipKind } from "@starwake/shared/game/entities.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { CommandStream } from "../command-stream.ts";
import { openEngineIo } from "../engine-io.ts";
import { type LoadOrder, TICK_RATE } from "../orders.ts";
import type { Entrance } from "../player-client.ts";
import { SendClock } from "../send-clock.ts";

const PROTOCOL = protocolHash(starwake as GameDefinition);
const REPLY = "[3,";
const JOIN_ID = 1;
const UPDATE_INTERVAL_MS = 6;
const FIRST_ROOM = 1000;

export const starwakeEntrance: Entrance = {
  openCheap(order, place, traffic) {
    const clock = new SendClock(TICK_RATE);
    const join = JSON.stringify([2, ["join", { name: `Player ${place}`, room: wishOf(order, place) }], JOIN_ID]);
    let stream: CommandStream | undefined;
    return new Promise((resolve, reject) => {
      const opening = openEngineIo(order.port, place, traffic, {
        hello: JSON.stringify([0, { protocol: PROTOCOL }, null]),
        binary: (bytes) => {
          const tick = bytes[0] === FRAME_TAG ? frameTickOf(bytes, clock.newestTick ?? 0) : undefined;
          if (tick === undefined) return;
          traffic.frame(bytes.length);
          clock.hear(tick, performance.now());
        },
        text: (text, socket) => {
          if (text.subarray(0, 3).equals(HELLO_REPLY)) socket.send(`4${join}`);
          if (stream !== undefined || !text.subarray(0, 3).equals(ACKNOWLEDGEMENT)) return;
          const reply = (JSON.parse(text.toString()) as [number, [JoinReply]])[1][0];
          if (!reply.ok) return reject(new Error(`a player was refused: ${reply.reason}`));
          stream = new CommandStream(order.seed, place, reply.tick + 1);
          resolve({
            sendPacket(nowMs) {
              const tick = clock.lastTick(nowMs);
              const packet = tick === undefined ? undefined : stream?.packetUpTo(tick, clock.newestTick);
              if (packet === undefined) return;
              traffic.packets++;
              socket.send(packet);
            },
            close: () => socket.close(),
          });
        },
      });
      opening.catch(reject);
    });
  },

  async openSample(order, place, watch) {
    const stream = new CommandStream(order.seed, place);
    const client = new GameClient({
      game: starwake as GameDefinition,
      openLink: (handlers) =>
        openSocketLink(`http://127.0.0.1:${order.port}`, PROTOCOL, {
          ...handlers,
          frame: (bytes) => {
            const before = { ...matchOf(client)?.counts };
            handlers.frame(bytes);
            const match = matchOf(client);
            if (match === undefined) return;
            if (match.counts.malformedFrames > (before.malformedFrames ?? 0)) watch.failed();
            // Over spare lanes a frame comes several times, and is read once.
            if (match.counts.frames > (before.frames ?? 0)) watch.frame(bytes.length, shipsIn(match.picture()));
          },
        }),
      now: () => performance.now(),
      name: `Sample ${place}`,
      room: wishOf(order, place),
      token: undefined,
    });
    const updating = setInterval(() => client.update(() => stream.command()), UPDATE_INTERVAL_MS);
    while (client.state.state === "connecting") await new Promise((resolve) => setTimeout(resolve, UPDATE_INTERVAL_MS));
    if (client.state.state === "refused") throw new Error(`a player was refused: ${client.state.reason}`);
    return {
      // The client's own clock says when.
      sendPacket: () => {},
      close: () => clearInterval(updating),
    };
  },
};

const HELLO_REPLY = Buffer.from("[0,");
const ACKNOWLEDGEMENT = Buffer.from(REPLY);

function wishOf({ rooms }: LoadOrder, place: number): RoomWish {
  return rooms === 0 ? { kind: "quick" } : { kind: "code", code: `BENCH${FIRST_ROOM + (place % rooms)}` };
}

function matchOf({ state }: GameClient) {
  return state.state === "playing" ? state.match : undefined;
}

/** As a player would see them. */
function* shipsIn(picture: Picture) {
  const { at } = shipKind;
  for (const { id, row } of picture.moving(Kind.Ship)) yield { id, x: row[at.x], y: row[at.y] };
}
