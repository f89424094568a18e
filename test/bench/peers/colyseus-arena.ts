/**
 * The game as a Colyseus room, by its own documentation: a schema, patches sent by `broadcastPatch` right after the step
 * (a timer of their own would make ticks late), and with views a StateView for each client, filled by cells.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, Room, Server } from "@colyseus/core";
import { Encoder, StateView } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { starwake } from "@starwake/shared/game/game.ts";
import { CellWatch } from "../cell-watch.ts";
import type { ServerOrder } from "../orders.ts";
import { PeerWorld, runTicks } from "../peer-world.ts";
import { openProbe } from "../probe.ts";
import { PACKET_MESSAGE, ROOM_NAME } from "./colyseus-names.ts";
import { copyShip, copyShot, ShipState, ShotState, ViewedArena, WholeArena } from "./colyseus-state.ts";

/** Whole states of the largest rooms fit, so that no buffer grows while it is measured. */
const ENCODER_BUFFER_BYTES = 1 << 19;

/** Serves one room until the process ends. */
export async function serveArena(hasViews: boolean): Promise<void> {
  Encoder.BUFFER_SIZE = ENCODER_BUFFER_BYTES;
  const game = new PeerWorld(JSON.parse(process.argv[2]) as ServerOrder);
  const probe = openProbe();
  const { side } = game.world.map;
  const state = hasViews ? new ViewedArena() : new WholeArena();
  const watch = new CellWatch<StateView, ShipState | ShotState>(starwake.space(game.world), {
    appeared: (view, thing) => void view.add(thing),
    vanished: (view, thing) => void view.remove(thing),
  });
  const players = new Map<string, PlayerId>();
  const views = new Map<PlayerId, StateView>();

  class Arena extends Room {
    override state = state;
    override patchRate = null;

    override onCreate(): void {
      this.onMessageBytes(PACKET_MESSAGE, (client: Client, bytes: Uint8Array) =>
        game.receive(players.get(client.sessionId)!, bytes),
      );
      runTicks(
        probe,
        () => game.step(),
        () => {
          copyShips();
          copyShots();
          if (hasViews) lookAround();
          this.broadcastPatch();
        },
      );
    }

    override onJoin(client: Client): void {
      const player = game.join();
      players.set(client.sessionId, player);
      if (!hasViews) return;
      const view = new StateView();
      client.view = view;
      views.set(player, view);
    }

    override onLeave(client: Client): void {
      const player = players.get(client.sessionId);
      if (player === undefined) return;
      const view = views.get(player);
      if (view !== undefined) watch.forget(view);
      views.delete(player);
      game.leave(player);
    }
  }

  function copyShips(): void {
    const living = new Set<string>();
    for (const ship of game.living) {
      const key = `${ship.id}`;
      living.add(key);
      let copy = state.ships.get(key);
      const isNew = copy === undefined;
      copy ??= new ShipState();
      copyShip(copy, ship, side);
      if (isNew) state.ships.set(key, copy);
      if (hasViews) watch.place(copy, ship.x, ship.y);
    }
    for (const [key, copy] of state.ships) if (!living.has(key)) removeFrom(state.ships, key, copy);
  }

  function copyShots(): void {
    const flying = new Set<string>();
    for (const shot of game.shots) {
      const key = `${shot.id}`;
      flying.add(key);
      if (state.shots.has(key)) continue;
      const copy = new ShotState();
      copyShot(copy, shot, side);
      state.shots.set(key, copy);
      if (hasViews) watch.place(copy, shot.x, shot.y);
    }
    for (const [key, copy] of state.shots) if (!flying.has(key)) removeFrom(state.shots, key, copy);
  }

  function removeFrom<Thing extends ShipState | ShotState>(
    map: { delete(key: string): boolean },
    key: string,
    thing: Thing,
  ): void {
    map.delete(key);
    if (hasViews) watch.remove(thing);
  }

  function lookAround(): void {
    for (const { id, x, y } of game.world.ships) {
      const view = views.get(id);
      if (view !== undefined) watch.look(view, x, y);
    }
  }

  const http = createServer();
  const server = new Server({
    greet: false,
    gracefullyShutdown: false,
    transport: new WebSocketTransport({ server: http }),
  });
  server.define(ROOM_NAME, Arena);
  await server.listen(0, "127.0.0.1");
  probe.listening((http.address() as AddressInfo).port);
}
