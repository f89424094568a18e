/** Players of the JSON server: cheap ones that parse nothing, and real ones, by socket.io's own client. */
import { io } from "socket.io-client";
import { CommandStream } from "../command-stream.ts";
import { openEngineIo } from "../engine-io.ts";
import { PacketClock } from "../packet-clock.ts";
import type { Entrance } from "../player-client.ts";

/** socket.io's packet types: connect, and an event of a name. */
const HELLO = Buffer.from("0{");
const FRAME = Buffer.from('2["frame"');

export const jsonEntrance: Entrance = {
  openCheap(order, place, traffic) {
    const stream = new CommandStream(order.seed, place);
    return new Promise((resolve, reject) => {
      const opening = openEngineIo(order.port, place, traffic, {
        hello: "0",
        binary: () => {},
        text: (text, socket) => {
          if (text.subarray(0, FRAME.length).equals(FRAME)) return traffic.frame(text.length + 1);
          if (!text.subarray(0, HELLO.length).equals(HELLO)) return;
          const commandsOf = newestCommands(stream);
          resolve({
            sendPacket(nowMs) {
              traffic.packets++;
              socket.send(`42${JSON.stringify(["command", commandsOf(nowMs)])}`);
            },
            close: () => socket.close(),
          });
        },
      });
      opening.catch(reject);
    });
  },

  openSample(order, place, watch) {
    const socket = io(`http://127.0.0.1:${order.port}`, {
      transports: ["websocket"],
      forceNew: true,
      reconnection: false,
    });
    const commandsOf = newestCommands(new CommandStream(order.seed, place));
    let bytes = 0;
    socket.on("frame", (_tick: number, ships: readonly (readonly number[])[]) => {
      watch.frame(
        bytes,
        ships.map(([id, x, y]) => ({ id, x, y })),
      );
      bytes = 0;
    });
    return new Promise((resolve, reject) => {
      socket.on("connect_error", reject);
      socket.on("connect", () => {
        socket.io.engine.on("packet", ({ data }: { data?: string }) => {
          bytes += 1 + (data?.length ?? 0);
        });
        resolve({
          sendPacket: (nowMs) => void socket.emit("command", commandsOf(nowMs)),
          close: () => void socket.disconnect(),
        });
      });
    });
  },
};

/** The newest command at a time; those of the ticks before it are passed over, as one who sends what is held now does. */
function newestCommands(stream: CommandStream) {
  const clock = new PacketClock();
  let last = 0;
  let command = stream.command();
  return (nowMs: number) => {
    for (const tick = clock.tick(nowMs); last < tick; last++) command = stream.command();
    return command;
  };
}
