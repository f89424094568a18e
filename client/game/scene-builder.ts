/**
 * The scene builder ⑮: translates the engine's picture, rows in quanta, to the game's own words in units and radians.
 *
 * Next: client/game/match-view.ts (⑯), which draws the scene.
 */
import type { Match, Picture } from "@starwake/client/engine/match.ts";
import { TURN } from "@starwake/shared/engine/exact-maths.ts";
import type { PlayerId } from "@starwake/shared/engine/game-definition.ts";
import type { RosterEntry } from "@starwake/shared/engine/protocol.ts";
import { readRow } from "@starwake/shared/engine/schema.ts";
import { thrustAngle } from "@starwake/shared/game/command.ts";
import { Kind, type ProjectileRow, projectileKind, type ShipRow, shipKind } from "@starwake/shared/game/entities.ts";
import { ENERGY_QUANTA, QUANTA_PER_UNIT, STRIDE_PER_SPEED } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { WEAPONS } from "@starwake/shared/game/weapons.ts";
import type { World } from "@starwake/shared/game/world.ts";
import { hueOf } from "./hues.ts";
import type { ArenaView, OwnStatus, Scene, ShipView, ShotView } from "./scene.ts";
import { translateEvents } from "./scene-events.ts";
import { fitScale } from "./views/viewport.ts";

const RADIANS_PER_STEP = (2 * Math.PI) / TURN;
/** How far the camera leads the ship towards its aim, in units; the server sends as much more of the world. */
const LEAD_X_UNITS = 150;
const LEAD_Y_UNITS = 105;
/** On a narrow screen the lead is no more than this part of what it shows, or the ship would be at its edge. */
const MAX_LEAD_PART = 0.14;
const LEAD_HALF_LIFE_MS = 140;

type Size = { readonly width: number; readonly height: number };
type Roster = ReadonlyMap<PlayerId, RosterEntry>;

export class SceneBuilder {
  private readonly match: Match;
  private readonly world: World;
  private readonly lead = { x: 0, y: 0 };
  private lastMs: number | undefined;

  constructor(match: Match) {
    this.match = match;
    this.world = match.world as World;
  }

  /** The arena, which stays the same. */
  arena(): ArenaView {
    const { side, obstacles } = this.world.map;
    const units = (quanta: number) => quanta / QUANTA_PER_UNIT;
    return {
      widthUnits: units(side),
      heightUnits: units(side),
      obstacles: obstacles.map(({ x0, y0, x1, y1, radius }) => ({
        x0: units(x0),
        y0: units(y0),
        x1: units(x1),
        y1: units(y1),
        radius: units(radius),
        isWall: x0 !== x1 || y0 !== y1,
      })),
    };
  }

  /**
   * @param screen size of the screen, in any unit
   * @param killerName who killed the player last, for when the ship is dead
   */
  build(picture: Picture, roster: Roster, killerName: string | undefined, screen: Size, nowMs: number): Scene {
    const own = picture.own && toShip(picture.own.drawn);
    const told = picture.own && toShip(picture.own.told);
    const isAlive = own !== undefined && told !== undefined && told.respawn === 0;
    const ships = this.ships(picture, roster);
    if (isAlive) ships.push(this.shipView(this.match.player, own, roster));
    return {
      camera: this.look(own ?? { x: 0, y: 0, aim: 0 }, isAlive, screen, nowMs),
      own: this.status(own, told, killerName),
      ships,
      shots: this.shots(picture),
      events: translateEvents(picture, this.match.player, ships),
    };
  }

  private ships(picture: Picture, roster: Roster): ShipView[] {
    const others = picture.moving(Kind.Ship).filter(({ id }) => id !== this.match.player);
    return others.map(({ id, row }) => this.shipView(id, toShip(row), roster));
  }

  private shipView(id: PlayerId, ship: ShipRow, roster: Roster): ShipView {
    const perSecond = (STRIDE_PER_SPEED / QUANTA_PER_UNIT) * this.world.rules.ticksPerSecond;
    return {
      id,
      isOwn: id === this.match.player,
      name: roster.get(id)?.name ?? "",
      hue: hueOf(id),
      x: ship.x / QUANTA_PER_UNIT,
      y: ship.y / QUANTA_PER_UNIT,
      vx: ship.vx * perSecond,
      vy: ship.vy * perSecond,
      aim: ship.aim * RADIANS_PER_STEP,
      thrust: ship.thrust === 0 ? undefined : thrustAngle(ship.thrust) * RADIANS_PER_STEP,
      isBoosting: ship.isBoosting === 1,
      health: ship.health / SHIP.health,
      charge: this.chargePart(ship),
      isProtected: ship.protection > 0,
    };
  }

  private chargePart(ship: ShipRow): number {
    const weapon = this.world.rules.weapons[ship.charging - 1];
    return weapon === undefined ? 0 : Math.min(1, ship.charge / weapon.chargeTicks);
  }

  private status(own: ShipRow | undefined, told: ShipRow | undefined, killerName: string | undefined): OwnStatus {
    if (own === undefined || told === undefined || told.respawn > 0) {
      return { state: "dead", respawnInSeconds: (told?.respawn ?? 0) / this.world.rules.ticksPerSecond, killerName };
    }
    return {
      state: "alive",
      health: told.health / SHIP.health,
      energy: own.energy / (SHIP.energy * ENERGY_QUANTA),
      charge: this.chargePart(own),
      isBoosting: own.isBoosting === 1,
      isProtected: own.protection > 0,
    };
  }

  /** Leads the ship towards its aim, and rests where it died. */
  private look(
    own: { x: number; y: number; aim: number },
    isAlive: boolean,
    screen: Size,
    nowMs: number,
  ): { x: number; y: number } {
    const kept = 0.5 ** ((nowMs - (this.lastMs ?? nowMs)) / LEAD_HALF_LIFE_MS);
    this.lastMs = nowMs;
    const angle = own.aim * RADIANS_PER_STEP;
    const scale = fitScale(screen.width, screen.height);
    const reachX = Math.min(LEAD_X_UNITS, (screen.width / scale) * MAX_LEAD_PART);
    const reachY = Math.min(LEAD_Y_UNITS, (screen.height / scale) * MAX_LEAD_PART);
    const wanted = isAlive ? { x: Math.cos(angle) * reachX, y: Math.sin(angle) * reachY } : { x: 0, y: 0 };
    this.lead.x = wanted.x + (this.lead.x - wanted.x) * kept;
    this.lead.y = wanted.y + (this.lead.y - wanted.y) * kept;
    return { x: own.x / QUANTA_PER_UNIT + this.lead.x, y: own.y / QUANTA_PER_UNIT + this.lead.y };
  }

  /**
   * Others' shots fly at the time that others are drawn at, own ones at the time that the own ship is drawn at: both
   * are where they are by the same function, so the server's word on an own shot moves nothing.
   */
  private shots(picture: Picture): ShotView[] {
    const shots: ShotView[] = [];
    for (const { id, row, goneTick } of picture.still(Kind.Projectile)) {
      const shot = toProjectile(row);
      const isOwn = shot.owner === this.match.player;
      const tick = isOwn ? picture.predictedTick : picture.renderTick;
      // An own shot that hit is gone at once; another's when the time that is drawn has come there.
      if (goneTick !== undefined && (isOwn || tick >= goneTick)) continue;
      this.addShot(shots, id, shot, tick);
    }
    for (const { kind, id, row } of picture.predicted) {
      if (kind !== Kind.Projectile) continue;
      const shot = toProjectile(row);
      if (shot.birth > picture.newestTick) this.addShot(shots, id, shot, picture.predictedTick);
    }
    return shots;
  }

  private addShot(shots: ShotView[], id: number, shot: ProjectileRow, tick: number): void {
    const weapon = this.world.rules.weapons[shot.weapon];
    const isOwn = shot.owner === this.match.player;
    const age = isOwn ? Math.max(0, tick - shot.birth) : tick - shot.birth;
    if (weapon?.shape !== "projectile" || age < 0 || age >= shot.life) return;
    const direction = shot.direction * RADIANS_PER_STEP;
    const way = (weapon.stride * age) / QUANTA_PER_UNIT;
    const x = shot.x / QUANTA_PER_UNIT + Math.cos(direction) * way;
    const y = shot.y / QUANTA_PER_UNIT + Math.sin(direction) * way;
    shots.push({
      id,
      ownerId: shot.owner,
      weapon: WEAPONS[shot.weapon].name,
      isOwn,
      hue: hueOf(shot.owner),
      x,
      y,
      direction,
    });
  }
}

function toShip(row: Int32Array | Float64Array): ShipRow {
  const ship = {} as ShipRow;
  readRow(shipKind, row, 0, ship);
  return ship;
}

function toProjectile(row: Int32Array): ProjectileRow {
  const projectile = {} as ProjectileRow;
  readRow(projectileKind, row, 0, projectile);
  return projectile;
}
