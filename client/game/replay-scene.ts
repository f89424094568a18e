/**
 * Scenes of a replay: the world at the playhead as a player of it sees it, or from a camera of one's own.
 *
 * Next: screening.ts, which shows them.
 */
import type { ReplayPlayer } from "@starwake/client/engine/replay-player.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import { Kind, projectileKind, shipKind } from "@starwake/shared/game/entities.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import type { World } from "@starwake/shared/game/world.ts";
import type { ScreenSize } from "./camera-lead.ts";
import { NO_SHIP, PointOfView } from "./point-of-view.ts";
import type { ReplayRoster } from "./replay-roster.ts";
import type { ArenaView, OwnStatus, Scene, SceneEvent, ShotView } from "./scene.ts";
import { translate } from "./scene-events.ts";
import { aliveStatus, arenaView, type Row, shipView, shotView } from "./scene-parts.ts";

/** Through a player's eyes, or from a place in the world (units). */
export type ReplayView =
  | { readonly kind: "player"; readonly player: PlayerId }
  | { readonly kind: "free"; readonly x: number; readonly y: number };

type Ships = ReadonlyMap<PlayerId, Row>;

const { at } = shipKind;

export class ReplaySceneBuilder {
  private readonly player: ReplayPlayer;
  private readonly roster: ReplayRoster;
  private readonly pointOfView: PointOfView;
  private jumps = 0;

  constructor(player: ReplayPlayer, roster: ReplayRoster) {
    this.player = player;
    this.roster = roster;
    const { widthUnits, heightUnits } = this.arena();
    this.pointOfView = new PointOfView({ x: widthUnits / 2, y: heightUnits / 2 });
  }

  /** The arena, which stays the same. */
  arena(): ArenaView {
    return arenaView(this.world.map);
  }

  /** Events are in exactly one scene. @param screen size of the screen, in any unit */
  build(view: ReplayView, screen: ScreenSize, nowMs: number): Scene {
    const ships = new Map(this.player.draw(Kind.Ship).map(({ id, row }) => [id, row]));
    const scene = this.seenByNobody(ships);
    if (view.kind === "free") return { ...scene, camera: { x: view.x, y: view.y } };
    const { player } = view;
    const ship = ships.get(player);
    const wreck = ship && { x: ship[at.x] / QUANTA_PER_UNIT, y: ship[at.y] / QUANTA_PER_UNIT };
    return this.pointOfView.show(scene, player, this.status(player, ship), wreck, screen, nowMs);
  }

  private get world(): World {
    return this.player.world as World;
  }

  private seenByNobody(rows: Ships): Scene {
    const { rules } = this.world;
    const isCut = this.jumps !== this.player.jumps;
    this.jumps = this.player.jumps;
    const ships = [...rows]
      .filter(([, ship]) => ship[at.respawn] === 0)
      .map(([id, ship]) => shipView(rules, id, ship, this.nameOf(id), false));
    const events: SceneEvent[] = this.player
      .takeEvents()
      .map(({ schema, values }) => translate(schema, values, 0, ships));
    return { camera: { x: 0, y: 0 }, own: NO_SHIP, ships, shots: this.shots(), events, isCut };
  }

  private shots(): ShotView[] {
    const { rules } = this.world;
    const { playhead } = this.player;
    return this.player
      .draw(Kind.Projectile)
      .flatMap(({ id, row }) => shotView(rules, id, row, playhead - row[projectileKind.at.birth], false) ?? []);
  }

  private status(player: PlayerId, ship: Row | undefined): OwnStatus {
    const { rules } = this.world;
    if (ship === undefined) return NO_SHIP;
    if (ship[at.respawn] === 0) return aliveStatus(rules, ship, ship[at.health] / SHIP.health);
    const { playhead, index } = this.player;
    const death = index.news.findLast(({ tick, item }) => tick <= playhead && item.victim === player);
    const killerName = death && this.nameOf(death.item.killer);
    return { state: "dead", respawnInSeconds: ship[at.respawn] / rules.ticksPerSecond, killerName };
  }

  private nameOf(player: PlayerId): string {
    return this.roster.at(player, this.player.playhead)?.name ?? "";
  }
}
