import type { Point, ScalarMap } from "../types.ts";
import { valueRange } from "../util/value-range.ts";

/**
 * The paper's point prompt: the mean of the pixel centres, weighted by minmax(map)^5, in pixels of the map. Scaling
 * and shifting the map change nothing. A constant map gives the middle of the map.
 */
export function centreOfGravity(map: ScalarMap): Point {
  const { width, height, data } = map;
  const { min, max } = valueRange(data);
  if (min === max) return { x: (width - 1) / 2, y: (height - 1) / 2 };
  const scale = 1 / (max - min);
  let total = 0;
  let sumX = 0;
  let sumY = 0;
  for (let y = 0; y < height; y++) {
    let rowTotal = 0;
    for (let x = 0; x < width; x++) {
      const weight = fifthPower((data[y * width + x] - min) * scale);
      rowTotal += weight;
      sumX += weight * x;
    }
    total += rowTotal;
    sumY += rowTotal * y;
  }
  return { x: sumX / total, y: sumY / total };
}

/** The paper's exponent: with 1 the background would pull the point to the middle. (`**` is ten times slower.) */
function fifthPower(value: number): number {
  const square = value * value;
  return square * square * value;
}
