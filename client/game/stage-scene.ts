/**
 * A made-up match for looking at the game without a server: ships on wandering curves that shoot, burst and return.
 * For development only.
 *
 * Next: stage.ts.
 */

import type { ArenaView, KillNotice, ObstacleView, Scene, SceneEvent, ShipView, ShotView, Standing } from "./scene.ts";

const ARENA_UNITS = 4000;
const SHOT_SPEED = 900;
const SHOT_LIFE_SECONDS = 1.1;
const NAMES = [
  "Vega",
  "Nyx",
  "Orion_7",
  "Kestrel",
  "Mírzam",
  "Ayşe",
  "彗星",
  "Комета",
  "Halley",
  "Bright Star Nine",
  "zed",
  "Pilot Ana",
];

type FakeShip = {
  readonly id: number;
  readonly name: string;
  readonly hue: number;
  x: number;
  y: number;
  vx: number;
  vy: number;
  aim: number;
  thrust: number;
  health: number;
  charge: number;
  deadSeconds: number;
  safeSeconds: number;
  nextShotSeconds: number;
  kills: number;
};
type FakeShot = { id: number; owner: FakeShip; x: number; y: number; direction: number; age: number };

export type FakeMatch = {
  readonly arena: ArenaView;
  /** Moves everything on to `nowMs` and gives the picture. */
  nextScene(nowMs: number): Scene;
  standings(): Standing[];
  kills(): readonly KillNotice[];
};

export function createFakeMatch(shipCount: number, isCrowded: boolean): FakeMatch {
  const ships = Array.from({ length: shipCount }, (_, id) => createShip(id, isCrowded));
  let shots: FakeShot[] = [];
  let events: SceneEvent[] = [];
  let kills: KillNotice[] = [];
  let nextShotId = 1;
  let nextKillId = 1;
  let lastMs = 0;

  const shoot = (ship: FakeShip): void => {
    shots.push({
      id: nextShotId++,
      owner: ship,
      x: ship.x + Math.cos(ship.aim) * 22,
      y: ship.y + Math.sin(ship.aim) * 22,
      direction: ship.aim,
      age: 0,
    });
  };
  const fireRail = (ship: FakeShip): void => {
    const x1 = ship.x + Math.cos(ship.aim) * 900;
    const y1 = ship.y + Math.sin(ship.aim) * 900;
    events.push({
      type: "beam",
      x0: ship.x,
      y0: ship.y,
      x1,
      y1,
      shooterId: ship.id,
      hue: ship.hue,
      byOwn: ship.id === 0,
    });
  };
  const hit = (victim: FakeShip, by: FakeShip, damage: number): void => {
    const byOwn = by.id === 0;
    const ofOwn = victim.id === 0;
    victim.health -= damage / 100;
    events.push({ type: "hit", x: victim.x, y: victim.y, victimId: victim.id, shooterId: by.id, damage, byOwn, ofOwn });
    if (victim.health > 0) return;
    victim.deadSeconds = 2.5;
    by.kills++;
    events.push({
      type: "death",
      x: victim.x,
      y: victim.y,
      victimId: victim.id,
      killerId: by.id,
      hue: victim.hue,
      ofOwn,
      byOwn,
    });
    kills = [
      ...kills,
      {
        id: nextKillId++,
        killerName: by.name,
        killerHue: by.hue,
        victimName: victim.name,
        victimHue: victim.hue,
        weapon: damage > 30 ? "rail" : "pulse",
        involvesOwn: byOwn || ofOwn,
      } as const,
    ].slice(-5);
  };

  const moveShip = (ship: FakeShip, seconds: number, nowSeconds: number): void => {
    if (ship.deadSeconds > 0) {
      ship.deadSeconds -= seconds;
      if (ship.deadSeconds <= 0) respawn(ship, events, isCrowded);
      return;
    }
    steer(ship, seconds, nowSeconds, isCrowded);
    ship.aim = Math.atan2(Math.sin(nowSeconds * 0.9 + ship.id * 2), Math.cos(nowSeconds * 0.7 + ship.id));
    ship.nextShotSeconds -= seconds;
    if (ship.nextShotSeconds <= 0) {
      ship.nextShotSeconds = 0.16 + (Math.sin(nowSeconds + ship.id) > 0.4 ? 0 : 1.3 * Math.random());
      shoot(ship);
    }
    if (ship.id % 5 === 0) {
      ship.charge += seconds * 0.7;
      if (ship.charge >= 1.15) {
        ship.charge = 0;
        fireRail(ship);
      }
    }
  };

  const flyShots = (seconds: number): void => {
    for (const shot of shots) {
      shot.age += seconds;
      shot.x += Math.cos(shot.direction) * SHOT_SPEED * seconds;
      shot.y += Math.sin(shot.direction) * SHOT_SPEED * seconds;
      const victim = ships.find(
        (ship) => ship !== shot.owner && ship.deadSeconds <= 0 && Math.hypot(ship.x - shot.x, ship.y - shot.y) < 22,
      );
      if (victim === undefined) continue;
      shot.age = SHOT_LIFE_SECONDS;
      hit(victim, shot.owner, victim.id === 0 ? 4 : 18);
    }
    shots = shots.filter((shot) => shot.age < SHOT_LIFE_SECONDS);
  };

  return {
    arena: createArena(),
    nextScene(nowMs) {
      const seconds = lastMs === 0 ? 0.016 : Math.min(0.1, (nowMs - lastMs) / 1000);
      lastMs = nowMs;
      events = [];
      for (const ship of ships) moveShip(ship, seconds, nowMs / 1000);
      flyShots(seconds);
      return sceneOf(ships, shots, events);
    },
    standings: () => standingsOf(ships),
    kills: () => kills,
  };
}

function createShip(id: number, isCrowded: boolean): FakeShip {
  const spot = spotFor(isCrowded);
  const name = id < NAMES.length ? NAMES[id]! : `${NAMES[id % NAMES.length]} ${id}`.slice(0, 16);
  return {
    id,
    name,
    hue: id === 0 ? 188 : (id * 137) % 360,
    ...spot,
    vx: 0,
    vy: 0,
    aim: 0,
    thrust: 0,
    health: 1 - 0.5 * Math.random(),
    charge: 0,
    deadSeconds: 0,
    safeSeconds: id % 7 === 3 ? 4 : 0,
    nextShotSeconds: Math.random(),
    kills: 0,
  };
}

function spotFor(isCrowded: boolean): { x: number; y: number } {
  const spread = isCrowded ? 0.4 : 0.5;
  return {
    x: ARENA_UNITS / 2 + (Math.random() - 0.5) * ARENA_UNITS * spread,
    y: ARENA_UNITS / 2 + (Math.random() - 0.5) * ARENA_UNITS * spread * 0.56,
  };
}

function respawn(ship: FakeShip, events: SceneEvent[], isCrowded: boolean): void {
  Object.assign(ship, spotFor(isCrowded), { health: 1, safeSeconds: 3, vx: 0, vy: 0 });
  events.push({ type: "spawn", x: ship.x, y: ship.y, shipId: ship.id, hue: ship.hue, ofOwn: ship.id === 0 });
}

function steer(ship: FakeShip, seconds: number, nowSeconds: number, isCrowded: boolean): void {
  ship.safeSeconds -= seconds;
  const reach = isCrowded ? 620 : 900;
  const targetX = ARENA_UNITS / 2 + Math.cos(nowSeconds * 0.31 + ship.id * 2.4) * reach;
  const targetY = ARENA_UNITS / 2 + Math.sin(nowSeconds * 0.43 + ship.id * 1.7) * reach * 0.6;
  ship.thrust = Math.atan2(targetY - ship.y - ship.vy * 0.6, targetX - ship.x - ship.vx * 0.6);
  const push = isBoosting(ship, nowSeconds) ? 620 : 320;
  ship.vx = (ship.vx + Math.cos(ship.thrust) * push * seconds) * (1 - 0.5 * seconds);
  ship.vy = (ship.vy + Math.sin(ship.thrust) * push * seconds) * (1 - 0.5 * seconds);
  ship.x += ship.vx * seconds;
  ship.y += ship.vy * seconds;
}

function isBoosting(ship: FakeShip, nowSeconds: number): boolean {
  return Math.sin(nowSeconds * 0.8 + ship.id * 3) > 0.6;
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

function createArena(): ArenaView {
  const obstacles: ObstacleView[] = [];
  for (let rock = 0; rock < 34; rock++) {
    const x = ((rock * 1129) % ARENA_UNITS) * 0.96 + 60;
    const y = ((rock * 1873 + 400) % ARENA_UNITS) * 0.96 + 60;
    obstacles.push({ x0: x, y0: y, x1: x, y1: y, radius: 40 + ((rock * 37) % 100), isWall: false });
  }
  for (let wall = 0; wall < 14; wall++) {
    const x0 = ((wall * 1531 + 1500) % ARENA_UNITS) * 0.9 + 150;
    const y0 = ((wall * 977 + 1400) % ARENA_UNITS) * 0.9 + 150;
    const angle = wall * 0.9;
    obstacles.push({
      x0,
      y0,
      x1: x0 + Math.cos(angle) * 320,
      y1: y0 + Math.sin(angle) * 320,
      radius: 14 + (wall % 3) * 5,
      isWall: true,
    });
  }
  return { widthUnits: ARENA_UNITS, heightUnits: ARENA_UNITS, obstacles };
}
