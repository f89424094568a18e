/** Players of the floor: they send Starwake's packets, and count what comes. */
import { CommandStream } from "../command-stream.ts";
import { PacketClock } from "../packet-clock.ts";
import type { Entrance } from "../player-client.ts";
import { openSocket } from "../raw-socket.ts";

export const wsEntrance: Entrance = {
  async openCheap(order, place, traffic) {
    const stream = new CommandStream(order.seed, place);
    const clock = new PacketClock();
    const socket = await openSocket(`ws://127.0.0.1:${order.port}`, place, traffic, ({ length }) =>
      traffic.frame(length),
    );
    return {
      sendPacket(nowMs) {
        const packet = stream.packetUpTo(clock.tick(nowMs), undefined);
        if (packet === undefined) return;
        traffic.packets++;
        socket.send(packet);
      },
      close: () => socket.close(),
    };
  },
  openSample: undefined,
};
