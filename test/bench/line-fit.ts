/** A straight line through points, by least squares, and how far it is from them. */

export type Point = { readonly x: number; readonly y: number };

export type LineFit = {
  readonly intercept: number;
  readonly slope: number;
  /** Part of the values' variance that the line explains: 1 where it meets them all. */
  readonly rSquared: number;
  /** The point that is furthest from the line for what it is: by which part of its value, and where. */
  readonly worst: { readonly part: number; readonly x: number };
};

/** @throws with fewer than three points, through which a line tells nothing */
export function fitLine(points: readonly Point[]): LineFit {
  if (points.length < 3) throw new Error(`a line through ${points.length} points tells nothing`);
  const mean = (pick: (point: Point) => number) => points.reduce((sum, point) => sum + pick(point), 0) / points.length;
  const meanX = mean(({ x }) => x);
  const meanY = mean(({ y }) => y);
  const slope = mean(({ x, y }) => (x - meanX) * (y - meanY)) / mean(({ x }) => (x - meanX) ** 2);
  const intercept = meanY - slope * meanX;
  const residual = ({ x, y }: Point) => y - (intercept + slope * x);
  const variance = mean(({ y }) => (y - meanY) ** 2);
  const unexplained = mean((point) => residual(point) ** 2);
  const parts = points.map((point) => ({ part: Math.abs(residual(point) / point.y), x: point.x }));
  return {
    intercept,
    slope,
    rSquared: variance === 0 ? 1 : 1 - unexplained / variance,
    worst: parts.reduce((one, other) => (other.part > one.part ? other : one)),
  };
}
