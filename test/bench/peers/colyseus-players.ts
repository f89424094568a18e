/** Players of Colyseus: cheap ones that speak its handshake by hand and decode nothing, and real ones, by its SDK. */
import { Client } from "@colyseus/sdk";
import { CommandStream } from "../command-stream.ts";
import { PacketClock } from "../packet-clock.ts";
import type { Entrance } from "../player-client.ts";
import { openSocket } from "../raw-socket.ts";
import { PACKET_MESSAGE, ROOM_NAME } from "./colyseus-names.ts";
import type { ArenaState } from "./colyseus-state.ts";

/** First bytes of messages, as @colyseus/shared-types has them. */
const Protocol = { JoinRoom: 10, Error: 11, RoomState: 14, RoomStatePatch: 15, RoomDataBytes: 17 } as const;

type SeatReservation = { readonly sessionId: string; readonly roomId: string; readonly processId: string };

export const colyseusEntrance: Entrance = {
  async openCheap(order, place, traffic) {
    const stream = new CommandStream(order.seed, place);
    const clock = new PacketClock();
    const { processId, roomId, sessionId } = await reserveSeat(order.port);
    const url = `ws://127.0.0.1:${order.port}/${processId}/${roomId}?sessionId=${sessionId}`;
    return new Promise((resolve, reject) => {
      const opening = openSocket(url, place, traffic, (message, _, socket) => {
        if (message[0] === Protocol.RoomStatePatch) traffic.frame(message.length);
        // The server sends the state only to those who say that they have read the schema.
        else if (message[0] === Protocol.JoinRoom) socket.send(Uint8Array.of(Protocol.JoinRoom));
        else if (message[0] === Protocol.Error)
          reject(new Error(`a player was refused: ${message.toString("latin1")}`));
        else if (message[0] === Protocol.RoomState)
          resolve({
            sendPacket(nowMs) {
              const packet = stream.packetUpTo(clock.tick(nowMs), undefined);
              if (packet === undefined) return;
              traffic.packets++;
              const framed = new Uint8Array(2 + packet.length);
              framed.set([Protocol.RoomDataBytes, PACKET_MESSAGE]);
              framed.set(packet, 2);
              socket.send(framed);
            },
            close: () => socket.close(),
          });
      });
      opening.catch(reject);
    });
  },

  async openSample(order, place, watch) {
    const room = await new Client(`http://127.0.0.1:${order.port}`).joinOrCreate<ArenaState>(ROOM_NAME);
    const stream = new CommandStream(order.seed, place);
    const clock = new PacketClock();
    let bytes = 0;
    const { events } = room.connection;
    const { onmessage } = events;
    events.onmessage = (event: MessageEvent) => {
      bytes += (event.data as ArrayBuffer).byteLength;
      onmessage?.(event);
    };
    room.onStateChange((state) => {
      watch.frame(bytes, shipsIn(state));
      bytes = 0;
    });
    return {
      sendPacket(nowMs) {
        const packet = stream.packetUpTo(clock.tick(nowMs), undefined);
        if (packet !== undefined) room.sendBytes(PACKET_MESSAGE, packet);
      },
      close: () => void room.leave(false),
    };
  },
};

async function reserveSeat(port: number): Promise<SeatReservation> {
  const answer = await fetch(`http://127.0.0.1:${port}/matchmake/joinOrCreate/${ROOM_NAME}`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  if (!answer.ok) throw new Error(`no seat was given: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as SeatReservation;
}

/** With views there is no map before something is seen. */
function* shipsIn({ ships }: Partial<ArenaState>) {
  if (ships === undefined) return;
  for (const [id, { x, y }] of ships.entries()) yield { id, x, y };
}
