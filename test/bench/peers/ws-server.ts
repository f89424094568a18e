/**
 * The floor: what WebSockets cost by themselves. It reads every packet and throws it away, and sends each client frames
 * of the sizes that Starwake's had, at the same rate and in turns as Starwake does; there is no game behind it.
 */
import type { AddressInfo } from "node:net";
import { createRandom, nextBelow } from "@starwake/shared/engine/random.ts";
import { type WebSocket, WebSocketServer } from "ws";
import { FRAME_RATE, type ServerOrder, TICK_RATE } from "../orders.ts";
import { runTicks } from "../peer-world.ts";
import { openProbe } from "../probe.ts";

type Seat = { readonly socket: WebSocket; credit: number };

const { frameSizes, seed } = JSON.parse(process.argv[2]) as ServerOrder;
const probe = openProbe();
const random = createRandom(seed);
const seats = new Set<Seat>();
const bytes = new Uint8Array(Math.max(...frameSizes)).map((_, index) => index);
let seated = 0;

const server = new WebSocketServer({ host: "127.0.0.1", port: 0, perMessageDeflate: false, maxPayload: 16 * 1024 });
server.on("listening", () => probe.listening((server.address() as AddressInfo).port));
server.on("connection", (socket) => {
  const seat: Seat = { socket, credit: (++seated * (FRAME_RATE / TICK_RATE)) % 1 };
  seats.add(seat);
  socket.on("message", () => {});
  socket.on("close", () => seats.delete(seat));
});

runTicks(probe, sendShare, () => {});

/** Sends to those whose turn it is, so that each tick sends to an equal share of them. */
function sendShare(): void {
  for (const seat of seats) {
    seat.credit += FRAME_RATE / TICK_RATE;
    if (seat.credit < 1) continue;
    seat.credit -= 1;
    seat.socket.send(bytes.subarray(0, frameSizes[nextBelow(random, frameSizes.length)]), { binary: true });
  }
}
