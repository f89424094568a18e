/**
 * The scene builder ⑮: translates the engine's picture, rows in quanta, to the game's own words in units and radians.
 *
 * Next: client/game/match-view.ts (⑯), which draws the scene.
 */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RosterEntry } from "@starwake/shared/engine/roster-row.ts";
import { Kind, projectileKind, shipKind } from "@starwake/shared/game/entities.ts";
import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { CameraLead, type ScreenSize } from "./camera-lead.ts";
import { OverviewReader } from "./overview-reader.ts";
import type { ArenaView, OwnStatus, Scene, ShipView, ShotView } from "./scene.ts";
import { translateEvents } from "./scene-events.ts";
import { aliveStatus, arenaView, RADIANS_PER_STEP, type Row, shipView, shotView } from "./scene-parts.ts";

type Roster = ReadonlyMap<PlayerId, RosterEntry>;

/** What the server tells besides frames. */
export type Told = {
  readonly roster: Roster;
  /** Who killed the player last, for when the ship is dead. */
  readonly killerName: string | undefined;
  /** The whole world, coarsely, as text; undefined: it has not been told yet. */
  readonly overview?: string | undefined;
};

export class SceneBuilder {
  private readonly match: Match;
  private readonly world: World;
  private readonly lead = new CameraLead();
  private readonly overview: OverviewReader;

  constructor(match: Match) {
    this.match = match;
    this.world = match.world as World;
    this.overview = new OverviewReader(this.world);
  }

  /** The arena, which stays the same. */
  arena(): ArenaView {
    return arenaView(this.world.map);
  }

  /**
   * @param screen size of the screen, in any unit
   * @param told what the server told, beside the picture
   */
  build(picture: Picture, { roster, killerName, overview }: Told, screen: ScreenSize, nowMs: number): Scene {
    const { at } = shipKind;
    const own = picture.own?.drawn;
    const told = picture.own?.told;
    const isAlive = own !== undefined && told !== undefined && told[at.respawn] === 0;
    const ships = this.others(picture, roster);
    if (isAlive) ships.push(this.shipView(this.match.player, own, roster));
    const place = { x: (own?.[at.x] ?? 0) / QUANTA_PER_UNIT, y: (own?.[at.y] ?? 0) / QUANTA_PER_UNIT };
    return {
      // It rests where the ship died.
      camera: this.lead.look(place, isAlive ? own[at.aim] * RADIANS_PER_STEP : undefined, screen, nowMs),
      own: this.status(own, told, killerName),
      ships,
      shots: this.shots(picture),
      events: translateEvents(picture, this.match.player, ships),
      overview: this.overview.read(overview),
    };
  }

  private others(picture: Picture, roster: Roster): ShipView[] {
    const ships: ShipView[] = [];
    for (const { id, row } of picture.moving(Kind.Ship))
      if (id !== this.match.player) ships.push(this.shipView(id, row, roster));
    return ships;
  }

  private shipView(id: PlayerId, row: Row, roster: Roster): ShipView {
    return shipView(this.world.rules, id, row, roster.get(id)?.name ?? "", id === this.match.player);
  }

  private status(own: Row | undefined, told: Row | undefined, killerName: string | undefined): OwnStatus {
    const { at } = shipKind;
    const respawn = told?.[at.respawn] ?? 0;
    if (own === undefined || told === undefined || respawn > 0)
      return { state: "dead", respawnInSeconds: respawn / this.world.rules.ticksPerSecond, killerName };
    return aliveStatus(this.world.rules, own, told[at.health] / SHIP.health);
  }

  /**
   * Others' shots fly at the time that others are drawn at, own ones at the time that the own ship is drawn at: both
   * are where they are by the same function, so the server's word on an own shot moves nothing.
   */
  private shots(picture: Picture): ShotView[] {
    const { at } = projectileKind;
    const shots: ShotView[] = [];
    for (const { id, row, goneTick } of picture.still(Kind.Projectile)) {
      const isOwn = row[at.owner] === this.match.player;
      const tick = isOwn ? picture.predictedTick : picture.renderTick;
      // An own shot that hit is gone at once; another's when the time that is drawn has come there.
      if (goneTick !== undefined && (isOwn || tick >= goneTick)) continue;
      this.addShot(shots, id, row, tick);
    }
    for (const { kind, id, row } of picture.predicted)
      if (kind === Kind.Projectile && row[at.birth] > picture.newestTick)
        this.addShot(shots, id, row, picture.predictedTick);
    return shots;
  }

  private addShot(shots: ShotView[], id: number, row: Row, tick: number): void {
    const { at } = projectileKind;
    const isOwn = row[at.owner] === this.match.player;
    const age = tick - row[at.birth];
    const view = shotView(this.world.rules, id, row, isOwn ? Math.max(0, age) : age, isOwn);
    if (view !== undefined) shots.push(view);
  }
}
