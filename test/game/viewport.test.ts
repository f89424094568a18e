import { expect, test } from "vitest";
import { createViewport, lookAt, resizeViewport, worldUnder } from "../../client/game/views/viewport.ts";

test("a point of the page is the point of the world that is drawn there, wherever the canvas lies", () => {
  const view = createViewport();
  view.box = { left: 20, top: 10, width: 800, height: 450 };
  // Two canvas pixels to one of the page.
  resizeViewport(view, 1600, 900);
  lookAt(view, 500, 300);
  expect(worldUnder(view, 420, 235)).toEqual({ x: 500, y: 300 });
  expect(worldUnder(view, 20, 10)).toEqual({ x: 500 - view.halfWidth, y: 300 - view.halfHeight });
});
