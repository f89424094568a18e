/**
 * A made-up match for looking at the game without a server: ships on wandering curves that shoot, burst and return.
 * For development only.
 *
 * Next: stage.ts.
 */

import type { KillNotice, Scene, SceneEvent, ShipView, ShotView, Standing } from "./scene.ts";
import { createStageArena } from "./stage-arena.ts";
import { createShip, type FakeShip, isBoosting, respawn, steer } from "./stage-ships.ts";

const SHOT_SPEED = 900;
const SHOT_LIFE_SECONDS = 1.1;
const RAIL_RANGE = 900;
const HIT_UNITS = 22;
const FEED_LINES = 5;

type FakeShot = { id: number; owner: FakeShip; x: number; y: number; direction: number; age: number };

export class FakeMatch {
  readonly arena = createStageArena();
  kills: readonly KillNotice[] = [];
  readonly #ships: readonly FakeShip[];
  readonly #isCrowded: boolean;
  #shots: FakeShot[] = [];
  #events: SceneEvent[] = [];
  #nextShotId = 1;
  #nextKillId = 1;
  #lastMs = 0;

  constructor(shipCount: number, isCrowded: boolean) {
    this.#isCrowded = isCrowded;
    this.#ships = Array.from({ length: shipCount }, (_, id) => createShip(id, isCrowded));
  }

  /** Moves everything on to `nowMs` and gives the picture. */
  nextScene(nowMs: number): Scene {
    const seconds = this.#lastMs === 0 ? 0.016 : Math.min(0.1, (nowMs - this.#lastMs) / 1000);
    this.#lastMs = nowMs;
    this.#events = [];
    for (const ship of this.#ships) this.#moveShip(ship, seconds, nowMs / 1000);
    this.#flyShots(seconds);
    return sceneOf(this.#ships, this.#shots, this.#events);
  }

  standings(): Standing[] {
    return standingsOf(this.#ships);
  }

  #moveShip(ship: FakeShip, seconds: number, nowSeconds: number): void {
    if (ship.deadSeconds > 0) {
      ship.deadSeconds -= seconds;
      if (ship.deadSeconds <= 0) respawn(ship, this.#events, this.#isCrowded);
      return;
    }
    steer(ship, seconds, nowSeconds, this.#isCrowded);
    ship.aim = Math.atan2(Math.sin(nowSeconds * 0.9 + ship.id * 2), Math.cos(nowSeconds * 0.7 + ship.id));
    this.#usePulse(ship, seconds, nowSeconds);
    if (ship.id % 5 === 0) this.#useRail(ship, seconds);
  }

  #usePulse(ship: FakeShip, seconds: number, nowSeconds: number): void {
    ship.nextShotSeconds -= seconds;
    if (ship.nextShotSeconds > 0) return;
    ship.nextShotSeconds = 0.16 + (Math.sin(nowSeconds + ship.id) > 0.4 ? 0 : 1.3 * Math.random());
    const x = ship.x + Math.cos(ship.aim) * HIT_UNITS;
    const y = ship.y + Math.sin(ship.aim) * HIT_UNITS;
    this.#shots.push({ id: this.#nextShotId++, owner: ship, x, y, direction: ship.aim, age: 0 });
  }

  #useRail(ship: FakeShip, seconds: number): void {
    ship.charge += seconds * 0.7;
    if (ship.charge < 1.15) return;
    ship.charge = 0;
    const { x: x0, y: y0, id: shooterId, hue } = ship;
    const x1 = x0 + Math.cos(ship.aim) * RAIL_RANGE;
    const y1 = y0 + Math.sin(ship.aim) * RAIL_RANGE;
    this.#events.push({ type: "beam", x0, y0, x1, y1, shooterId, weapon: "rail", hue, byOwn: shooterId === 0 });
  }

  #flyShots(seconds: number): void {
    for (const shot of this.#shots) {
      shot.age += seconds;
      shot.x += Math.cos(shot.direction) * SHOT_SPEED * seconds;
      shot.y += Math.sin(shot.direction) * SHOT_SPEED * seconds;
      const victim = this.#ships.find((ship) => isStruck(ship, shot));
      if (victim === undefined) continue;
      shot.age = SHOT_LIFE_SECONDS;
      this.#hit(victim, shot.owner, victim.id === 0 ? 4 : 18);
    }
    this.#shots = this.#shots.filter((shot) => shot.age < SHOT_LIFE_SECONDS);
  }

  #hit(victim: FakeShip, by: FakeShip, damage: number): void {
    const { x, y, id: victimId } = victim;
    const sides = { byOwn: by.id === 0, ofOwn: victimId === 0 };
    victim.health -= damage / 100;
    this.#events.push({ type: "hit", x, y, victimId, shooterId: by.id, damage, ...sides });
    if (victim.health > 0) return;
    victim.deadSeconds = 2.5;
    by.kills++;
    this.#events.push({ type: "death", x, y, victimId, killerId: by.id, hue: victim.hue, ...sides });
    const notice: KillNotice = {
      id: this.#nextKillId++,
      killerName: by.name,
      killerHue: by.hue,
      victimName: victim.name,
      victimHue: victim.hue,
      weapon: this.#nextKillId % 3 === 0 ? "rail" : "pulse",
      involvesOwn: sides.byOwn || sides.ofOwn,
    };
    this.kills = [...this.kills, notice].slice(-FEED_LINES);
  }
}

function isStruck(ship: FakeShip, shot: FakeShot): boolean {
  const isTarget = ship !== shot.owner && ship.deadSeconds <= 0;
  return isTarget && Math.hypot(ship.x - shot.x, ship.y - shot.y) < HIT_UNITS;
}

function sceneOf(ships: readonly FakeShip[], shots: readonly FakeShot[], events: readonly SceneEvent[]): Scene {
  const own = ships[0]!;
  const nowSeconds = performance.now() / 1000;
  return {
    camera: { x: own.x + Math.cos(own.aim) * 90, y: own.y + Math.sin(own.aim) * 60 },
    own:
      own.deadSeconds > 0
        ? { state: "dead", respawnInSeconds: own.deadSeconds, killerName: "Nyx" }
        : {
            state: "alive",
            health: own.health,
            energy: 0.5 + 0.5 * Math.sin(nowSeconds),
            charge: Math.min(1, own.charge),
            isBoosting: isBoosting(own, nowSeconds),
            isProtected: own.safeSeconds > 0,
          },
    ships: ships.filter((ship) => ship.deadSeconds <= 0).map((ship) => viewOf(ship, nowSeconds)),
    shots: shots.map(viewOfShot),
    events,
  };
}

function viewOf(ship: FakeShip, nowSeconds: number): ShipView {
  const isDrifting = Math.sin(nowSeconds * 0.5 + ship.id) > 0.8;
  return {
    id: ship.id,
    isOwn: ship.id === 0,
    name: ship.name,
    hue: ship.hue,
    x: ship.x,
    y: ship.y,
    vx: ship.vx,
    vy: ship.vy,
    aim: ship.aim,
    thrust: isDrifting ? undefined : ship.thrust,
    isBoosting: !isDrifting && isBoosting(ship, nowSeconds),
    health: ship.health,
    charge: Math.min(1, ship.charge),
    isProtected: ship.safeSeconds > 0,
  };
}

function viewOfShot(shot: FakeShot): ShotView {
  return {
    id: shot.id,
    weapon: "pulse",
    ownerId: shot.owner.id,
    isOwn: shot.owner.id === 0,
    hue: shot.owner.hue,
    x: shot.x,
    y: shot.y,
    direction: shot.direction,
  };
}

function standingsOf(ships: readonly FakeShip[]): Standing[] {
  return [...ships]
    .sort((a, b) => b.kills - a.kills || a.id - b.id)
    .map((ship, index) => ({
      playerId: ship.id,
      place: index + 1,
      name: ship.name,
      hue: ship.hue,
      score: ship.kills * 100,
      kills: ship.kills,
      deaths: ship.id % 5,
      isOwn: ship.id === 0,
      isPilot: ship.id % 4 === 2,
      isAway: ship.id % 9 === 8,
    }));
}
