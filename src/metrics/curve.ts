import type { Curve } from "../types.ts";

/**
 * Area under a curve from its first x to `limit`, by the trapezoid rule; the curve is cut at the limit by linear
 * interpolation. x must not descend.
 */
export function areaUnder({ x, y }: Curve, limit = Infinity): number {
  let area = 0;
  for (let i = 1; i < x.length && x[i - 1] < limit; i++) {
    const width = x[i] - x[i - 1];
    if (x[i] <= limit) {
      area += (width * (y[i] + y[i - 1])) / 2;
    } else {
      const part = limit - x[i - 1];
      const end = y[i - 1] + ((y[i] - y[i - 1]) * part) / width;
      area += (part * (y[i - 1] + end)) / 2;
    }
  }
  return area;
}

/**
 * A curve of at most `most` points for drawing, from one that rises from (0, 0) to (1, 1): its way is 2 long in
 * steps along the axes, so keeping a point at each 2 / (most - 2) of the way keeps its shape. Ends are kept.
 */
export function thinned({ x, y }: Curve, most: number): Curve {
  if (x.length <= most) return { x, y };
  const step = 2 / (most - 2);
  const last = x.length - 1;
  const kept = [0];
  let way = 0;
  for (let i = 1; i < last; i++) {
    way += x[i] - x[i - 1] + y[i] - y[i - 1];
    if (way < step) continue;
    kept.push(i);
    way = 0;
  }
  kept.push(last);
  return { x: kept.map((i) => x[i]), y: kept.map((i) => y[i]) };
}
