import { describe, expect, test } from "vitest";
import { KillReplay } from "../../client/game/kill-replay.ts";
import type { OwnStatus, Scene, SceneEvent, ShipView } from "../../client/game/scene.ts";
import { blendScenes, SceneRing } from "../../client/game/scene-ring.ts";

const OWN = 1;
const KILLER = 2;
const SCREEN = { width: 1280, height: 720 };
const FRAME_MS = 1000 / 60;
const RESPAWN_MS = 2500;
const ALIVE: OwnStatus = {
  state: "alive",
  health: 1,
  energy: 1,
  charge: 0,
  isBoosting: false,
  isProtected: false,
};
const DEATH: SceneEvent = {
  type: "death",
  x: 100,
  y: 100,
  victimId: OWN,
  killerId: KILLER,
  hue: 1,
  ofOwn: true,
  byOwn: false,
};

function ship(id: number, x: number): ShipView {
  const still = { y: 100, vx: 0, vy: 0, aim: 0, thrust: undefined, isBoosting: false, health: 1, charge: 0 };
  return { id, isOwn: id === OWN, name: `Player ${id}`, hue: 1, x, ...still, isProtected: false };
}

function scene(own: OwnStatus, ships: readonly ShipView[], events: readonly SceneEvent[] = []): Scene {
  return { camera: { x: 100, y: 100 }, own, ships, shots: [], events };
}

type Wish = "automatic" | "asked" | "off";

/**
 * A match in which the player dies after two seconds and flies again 2.5 s later. The killer flies to the right, 100
 * units a second.
 * @param isKnown whether the page knows the killer's ship at a time
 * @param frame sees each frame: milliseconds since the death, and what is drawn
 */
function playDeath(
  wish: Wish,
  frame: (sinceMs: number, drawn: Scene, replay: KillReplay) => void,
  isKnown: (sinceMs: number) => boolean = () => true,
): void {
  const replay = new KillReplay();
  let hasDied = false;
  for (let nowMs = 0; nowMs < 6000; nowMs += FRAME_MS) {
    const sinceMs = nowMs - 2000;
    const respawnInMs = RESPAWN_MS - sinceMs;
    const isAlive = sinceMs < 0 || respawnInMs <= 0;
    const own: OwnStatus = isAlive
      ? ALIVE
      : { state: "dead", respawnInSeconds: respawnInMs / 1000, killerName: "Player 2" };
    const ships = [...(isKnown(sinceMs) ? [ship(KILLER, nowMs / 10)] : []), ...(isAlive ? [ship(OWN, 500)] : [])];
    const live = scene(own, ships, isAlive || hasDied ? [] : [DEATH]);
    hasDied ||= !isAlive;
    frame(sinceMs, replay.show(live, wish, SCREEN, nowMs), replay);
  }
}

describe("the ring", () => {
  test("keeps about three seconds, however fast the screen, and every event", () => {
    for (const frameMs of [1, 4, 7, 16.7, 50]) {
      const ring = new SceneRing();
      for (let nowMs = 0; nowMs < 10_000; nowMs += frameMs) ring.keep(scene(ALIVE, [], [DEATH]), nowMs);
      const { scenes } = ring;
      expect(scenes.length).toBeLessThanOrEqual(251);
      const coveredMs = scenes.at(-1)!.atMs - scenes[0].atMs;
      expect(coveredMs).toBeGreaterThan(2800);
      expect(coveredMs).toBeLessThanOrEqual(3000);
      const events = scenes.slice(1).reduce((sum, kept) => sum + kept.scene.events.length, 0);
      expect(events).toBeCloseTo(coveredMs / frameMs, -0.5);
    }
  });

  test("gives what is between two scenes, by the shorter turn", () => {
    const from = scene(ALIVE, [{ ...ship(1, 0), aim: 3 }, ship(2, 5)]);
    const to = scene(ALIVE, [{ ...ship(1, 10), aim: -3 }]);
    const [first, second] = blendScenes(from, to, 0.5).ships;
    expect(first.x).toBe(5);
    expect(Math.cos(first.aim)).toBeCloseTo(-1, 9);
    expect(second.x).toBe(5);
  });
});

describe("a death", () => {
  test("is first seen live, then again from the killer's ship, and is over before the ship flies again", () => {
    const replayedMs: number[] = [];
    playDeath("automatic", (sinceMs, drawn) => {
      if (drawn.ships.find(({ isOwn }) => isOwn)?.id !== KILLER) return;
      replayedMs.push(sinceMs);
      const killer = drawn.ships.find(({ id }) => id === KILLER)!;
      expect(Math.abs(drawn.camera.x - killer.x)).toBeLessThan(200);
    });
    expect(replayedMs[0]).toBeGreaterThanOrEqual(300);
    expect(replayedMs.at(-1)! - replayedMs[0]).toBeGreaterThan(1700);
    expect(replayedMs.at(-1)!).toBeLessThan(RESPAWN_MS - 100);
  });

  test("is shown slower than it was, without steps back, and its explosion once", () => {
    const xs: number[] = [];
    let deaths = 0;
    playDeath("automatic", (_, drawn, { state }) => {
      if (state !== "playing") return;
      xs.push(drawn.ships.find(({ id }) => id === KILLER)!.x);
      deaths += drawn.events.filter(({ type }) => type === "death").length;
    });
    const steps = xs.slice(1).map((x, index) => x - xs[index]);
    for (const step of steps) expect(step).toBeCloseTo(0.6 * (FRAME_MS / 10), 3);
    expect(deaths).toBe(1);
  });

  test("leaves what the instruments show as it is: dead, with the time that is left", () => {
    playDeath("automatic", (sinceMs, { own }) => {
      if (sinceMs < 0 || sinceMs >= RESPAWN_MS) expect(own.state).toBe("alive");
      else expect(own).toMatchObject({ respawnInSeconds: (RESPAWN_MS - sinceMs) / 1000 });
    });
  });

  test("is cut to and back, once each", () => {
    let cuts = 0;
    playDeath("automatic", (_, { isCut }) => (cuts += isCut === true ? 1 : 0));
    expect(cuts).toBe(2);
  });

  test("by a killer out of sight is seen from the own ship", () => {
    const viewers = new Set<number | undefined>();
    playDeath(
      "automatic",
      (_, drawn, { state }) => state === "playing" && viewers.add(drawn.ships.find(({ isOwn }) => isOwn)?.id),
      (sinceMs) => sinceMs > -200,
    );
    expect([...viewers]).toEqual([OWN, undefined]);
  });

  test("that is skipped is not shown again", () => {
    let frames = 0;
    playDeath("automatic", (_, _drawn, replay) => {
      if (replay.state === "playing" && ++frames === 5) replay.skip();
    });
    expect(frames).toBe(5);
  });

  test("is only offered to who wants little motion, and shown on asking as far as there is time", () => {
    let first: number | undefined;
    playDeath("asked", (sinceMs, _, replay) => {
      if (sinceMs > 0 && sinceMs < 990) expect(replay.state).toBe("offered");
      if (sinceMs > 1000) replay.watch();
      if (replay.state === "playing") first ??= sinceMs;
      if (sinceMs > RESPAWN_MS) expect(replay.state).toBe("none");
    });
    expect(first).toBeGreaterThan(1000);
    expect(first).toBeLessThan(1100);
  });

  test("is not shown where that is turned off", () => {
    playDeath("off", (_, __, { state }) => expect(state).toBe("none"));
  });
});
