/**
 * socket.io as most games begin with it: every frame is the whole world as JSON, encoded once and broadcast. Ships and
 * shots are rows of whole numbers, which is as short as JSON gets.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Command } from "@starwake/shared/game/command.ts";
import { Server } from "socket.io";
import type { ServerOrder } from "../orders.ts";
import { PeerWorld, runTicks } from "../peer-world.ts";
import { openProbe } from "../probe.ts";

const game = new PeerWorld(JSON.parse(process.argv[2]) as ServerOrder);
const probe = openProbe();
const http = createServer();
const io = new Server(http, { transports: ["websocket"], serveClient: false, perMessageDeflate: false });

io.on("connection", (socket) => {
  const player = game.join();
  socket.emit("welcome", player);
  socket.on("command", (command: Command) => game.command(player, command));
  socket.on("disconnect", () => game.leave(player));
});
http.listen(0, "127.0.0.1", () => probe.listening((http.address() as AddressInfo).port));

runTicks(
  probe,
  () => game.step(),
  () => io.emit("frame", game.world.tick, game.living.map(shipRow), game.shots.map(shotRow)),
);

type ShipOf = (typeof game.living)[number];
type ShotOf = (typeof game.shots)[number];

function shipRow({
  id,
  x,
  y,
  vx,
  vy,
  aim,
  thrust,
  isBoosting,
  health,
  charging,
  charge,
  protection,
}: ShipOf): number[] {
  return [id, x, y, vx, vy, aim, thrust, isBoosting, health, charging, charge, protection > 0 ? 1 : 0];
}

function shotRow({ id, owner, weapon, birth, direction, x, y, life }: ShotOf): number[] {
  return [id, owner, weapon, birth, direction, x, y, life];
}
