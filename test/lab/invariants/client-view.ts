/** What a client may know by the rule of sight, for the frame that it read last. */
import { type CellGrid, viewOf } from "@starwake/shared/engine/cell-grid.ts";
import type { GameDefinition } from "@starwake/shared/engine/game-definition.ts";
import { shipKind } from "@starwake/shared/game/entities.ts";
import type { LabClient } from "../lab-client.ts";

const { at } = shipKind;

/** A rectangle around a middle, in quanta. */
export type ClientView = {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
};

/** @param game the game as it should be; undefined is returned while the client steers nothing */
export function clientView({ match }: LabClient, game: GameDefinition, grid: CellGrid): ClientView | undefined {
  const { snapshot, world } = match ?? {};
  if (snapshot?.own === undefined || world === undefined) return undefined;
  const middle = { x: snapshot.own[at.x], y: snapshot.own[at.y] };
  game.lookFrom?.(world, snapshot.own, 0, middle);
  const { viewHalfWidth, viewHalfHeight } = viewOf(grid, snapshot.shape);
  return { ...middle, halfWidth: viewHalfWidth, halfHeight: viewHalfHeight };
}

/** By how much a place lies outside of a view; 0 or less: it is in it. */
export function outsideBy({ x, y, halfWidth, halfHeight }: ClientView, placeX: number, placeY: number): number {
  return Math.max(Math.abs(placeX - x) - halfWidth, Math.abs(placeY - y) - halfHeight);
}
