import { expect, test } from "vitest";
import { Particles, type Spawn, STILL } from "../../client/game/views/particles.ts";
import type { QuadLayer } from "../../client/game/views/quad-layer.ts";

const MOST = 2400;

/** What a layer was asked to draw: [frame, x, y, width, height, cos, sin, tint, alpha] for each particle. */
function drawn(particles: Particles): number[][] {
  const quads: number[][] = [];
  particles.draw({ draw: (...quad: number[]) => quads.push(quad) } as unknown as QuadLayer);
  return quads;
}

const spark = (given: Partial<Spawn> = {}): Spawn => ({ ...STILL, frame: 1, x: 0, y: 0, ...given });

test("a particle flies, slows down, shrinks and fades", () => {
  const particles = new Particles();
  particles.add(spark({ frame: 3, x: 10, vx: 100, drag: 1, lifeSeconds: 1, sizeFrom: 8, sizeTo: 0, tint: 0xffee11 }));
  particles.move(0.5);
  expect(drawn(particles)).toEqual([[3, 60, 0, 2, 2, 1, 0, 0xffee11, 0.5]]);
  particles.move(0.25);
  expect(drawn(particles)[0].slice(0, 2)).toEqual([3, 72.5]);
});

test("what is stretched lies along its flight, and what is round turns", () => {
  const particles = new Particles();
  particles.add(spark({ vx: -30, vy: 40, stretch: 2, sizeFrom: 4, sizeTo: 4 }));
  particles.add(spark({ turn: Math.PI / 2, sizeFrom: 4, sizeTo: 4 }));
  const [along, turned] = drawn(particles);
  expect(along.slice(3, 7)).toEqual([8, 4, -0.6, 0.8]);
  expect(turned[6]).toBeCloseTo(1);
});

test("who has outlived its time is gone, and the others go on as they were", () => {
  const particles = new Particles();
  for (const [frame, lifeSeconds] of [2, 0.1, 3].entries()) particles.add(spark({ frame, lifeSeconds, vx: frame }));
  particles.move(0.5);
  expect(drawn(particles).map(([frame, x]) => [frame, x])).toEqual([
    [0, 0],
    [2, 1],
  ]);
});

test("a full store drops what is new, and takes it again when there is room", () => {
  const particles = new Particles();
  for (let index = 0; index <= MOST; index++) particles.add(spark({ frame: index % 100 }));
  expect(drawn(particles)).toHaveLength(MOST);
  particles.move(Number.POSITIVE_INFINITY);
  particles.add(spark({ frame: 5 }));
  expect(drawn(particles).map(([frame]) => frame)).toEqual([5]);
});
