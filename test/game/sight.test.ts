/** The rule of what a player may see and know, by the shape of their screen. */

import { QUANTA_PER_UNIT } from "@starwake/shared/game/rules.ts";
import { SHIP } from "@starwake/shared/game/ships.ts";
import { KNOWN_PART, LEAD_PART, reachOf, SCREEN_SHAPES, shapeFor, VIEWS } from "@starwake/shared/game/sight.ts";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CameraLead } from "../../client/game/camera-lead.ts";
import { createViewport, resizeViewport } from "../../client/game/views/viewport.ts";
import { SEED, withSeed } from "../support/seed.ts";

const AREA = 1600 * 900;
const screenLength = fc.integer({ min: 100, max: 8000 });

/** What a screen shows, in units. */
function shown(width: number, height: number): { width: number; height: number } {
  const view = createViewport();
  resizeViewport(view, width, height);
  return { width: view.halfWidth * 2, height: view.halfHeight * 2 };
}

test("all shapes show the same area, and all may know the same area, to a thousandth", () => {
  const known = VIEWS.map((view) => (4 * view.viewHalfWidth * view.viewHalfHeight) / QUANTA_PER_UNIT ** 2);
  SCREEN_SHAPES.forEach(({ widthUnits, heightUnits }, shape) => {
    expect(Math.abs((widthUnits * heightUnits) / AREA - 1)).toBeLessThan(0.001);
    expect(Math.abs(known[shape] / (AREA * KNOWN_PART ** 2) - 1)).toBeLessThan(0.001);
  });
});

test.for([
  [1280, 720, "wide", 1600, 900],
  [1920, 1080, "wide", 1600, 900],
  [1440, 900, "wide", 1440, 900],
  [2560, 1080, "ultra-wide", 1846, 779],
  [844, 390, "ultra-wide", 1686, 779],
  [1024, 768, "broad", 1385, 1039],
  [800, 800, "square", 1200, 1200],
  [820, 1180, "upright", 963, 1386],
  [390, 844, "tall", 816, 1765],
] as const)("a screen of %i x %i is %s and shows %i x %i units", ([width, height, name, widthUnits, heightUnits]) => {
  expect(SCREEN_SHAPES[shapeFor(width, height)].name).toBe(name);
  expect(shown(width, height).width).toBeCloseTo(widthUnits, -0.5);
  expect(shown(width, height).height).toBeCloseTo(heightUnits, -0.5);
});

describe(`whatever the screen (SEED=${SEED})`, () => {
  test("it shows nothing beyond its shape's rectangle, and no screen of usual proportions less than three quarters of it", () => {
    const check = (width: number, height: number) => {
      const { widthUnits, heightUnits } = SCREEN_SHAPES[shapeFor(width, height)];
      const picture = shown(width, height);
      expect(picture.width).toBeLessThanOrEqual(widthUnits * (1 + 1e-9));
      expect(picture.height).toBeLessThanOrEqual(heightUnits * (1 + 1e-9));
      const ratio = width / height;
      if (ratio > 0.4 && ratio < 2.6) expect(picture.width * picture.height).toBeGreaterThan(AREA * 0.75);
    };
    fc.assert(fc.property(screenLength, screenLength, check), withSeed(500));
  });

  test("what it can show by turning the ship is known, and a ship's radius around it", () => {
    const check = (width: number, height: number, turns: number) => {
      const shape = shapeFor(width, height);
      const lead = new CameraLead();
      lead.cut(turns * 2 * Math.PI, { width, height });
      const camera = lead.look({ x: 0, y: 0 }, turns * 2 * Math.PI, { width, height }, 0);
      const picture = shown(width, height);
      const reach = reachOf(SCREEN_SHAPES[shape]);
      const view = VIEWS[shape];
      expect(Math.abs(camera.x)).toBeLessThanOrEqual(picture.width * LEAD_PART + 1e-9);
      expect(Math.abs(camera.x) + picture.width / 2).toBeLessThanOrEqual(reach.halfWidth + 1e-6);
      expect(Math.abs(camera.y) + picture.height / 2).toBeLessThanOrEqual(reach.halfHeight + 1e-6);
      expect(view.viewHalfWidth / QUANTA_PER_UNIT - reach.halfWidth).toBeGreaterThanOrEqual(SHIP.radiusUnits);
      expect(view.viewHalfHeight / QUANTA_PER_UNIT - reach.halfHeight).toBeGreaterThanOrEqual(SHIP.radiusUnits);
    };
    fc.assert(fc.property(screenLength, screenLength, fc.float({ min: 0, max: 1, noNaN: true }), check), withSeed(500));
  });
});
