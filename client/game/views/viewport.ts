/**
 * The viewport: how world units fall on the canvas's pixels in one frame, and where the canvas lies on the page.
 *
 * Next: quad-layer.ts.
 */

import { fitScale } from "@starwake/shared/game/sight.ts";

export type Viewport = {
  /** Canvas pixels. */
  widthPixels: number;
  heightPixels: number;
  /** Canvas pixels to one world unit. */
  scale: number;
  /** The world point in the middle of the canvas. */
  centreX: number;
  centreY: number;
  /** Half of the visible area, in units. */
  halfWidth: number;
  halfHeight: number;
  /** The canvas on the page, in CSS pixels, as it was measured last: to measure it in a frame would cost a layout. */
  box: PageBox;
};

export type PageBox = { readonly left: number; readonly top: number; readonly width: number; readonly height: number };

export function createViewport(): Viewport {
  return {
    widthPixels: 1,
    heightPixels: 1,
    scale: 1,
    centreX: 0,
    centreY: 0,
    halfWidth: 0.5,
    halfHeight: 0.5,
    box: { left: 0, top: 0, width: 1, height: 1 },
  };
}

export function resizeViewport(viewport: Viewport, widthPixels: number, heightPixels: number): void {
  viewport.widthPixels = widthPixels;
  viewport.heightPixels = heightPixels;
  viewport.scale = fitScale(widthPixels, heightPixels);
  viewport.halfWidth = widthPixels / viewport.scale / 2;
  viewport.halfHeight = heightPixels / viewport.scale / 2;
}

export function lookAt(viewport: Viewport, x: number, y: number): void {
  viewport.centreX = x;
  viewport.centreY = y;
}

/** Where on the world a point of the page (CSS pixels) lies, from the view of the newest frame. */
export function worldUnder(
  { box, centreX, centreY }: Viewport,
  clientX: number,
  clientY: number,
): { x: number; y: number } {
  const scale = fitScale(box.width, box.height);
  return {
    x: centreX + (clientX - box.left - box.width / 2) / scale,
    y: centreY + (clientY - box.top - box.height / 2) / scale,
  };
}

/** Whether a circle (units) touches the visible area. */
export function isVisible(viewport: Viewport, x: number, y: number, radius: number): boolean {
  return (
    Math.abs(x - viewport.centreX) < viewport.halfWidth + radius &&
    Math.abs(y - viewport.centreY) < viewport.halfHeight + radius
  );
}
