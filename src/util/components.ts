// Connected components of binary masks and of the level sets of maps, by flooding with a stack of pixel indices.

import type { Box, Mask, Point, ScalarMap } from "../types.ts";

/** Whether pixels that touch only at a corner belong together (8) or not (4). */
export type Connectivity = 4 | 8;

export interface Components {
  readonly width: number;
  readonly height: number;
  /** Row-major; 0 is background, 1 .. count in raster order of the component's first pixel. */
  readonly labels: Int32Array;
  readonly count: number;
}

/** `area` in pixels; `centre` is the mean of the pixel centres. */
export interface ComponentStats {
  readonly area: number;
  readonly box: Box;
  readonly centre: Point;
}

/** Labels the components of a mask. Time and memory grow with the number of pixels. */
export function labelComponents(mask: Mask, connectivity: Connectivity = 8): Components {
  const { width, height, data } = mask;
  const labels = new Int32Array(width * height);
  const stack = new Int32Array(width * height);
  let count = 0;
  for (let seed = 0; seed < labels.length; seed++) {
    if (data[seed] === 0 || labels[seed] !== 0) continue;
    count++;
    labels[seed] = count;
    stack[0] = seed;
    let depth = 1;
    while (depth > 0) {
      const pixel = stack[--depth];
      const x = pixel % width;
      const y = (pixel - x) / width;
      const lastY = Math.min(y + 1, height - 1);
      const lastX = Math.min(x + 1, width - 1);
      for (let ny = Math.max(y - 1, 0); ny <= lastY; ny++) {
        for (let nx = Math.max(x - 1, 0); nx <= lastX; nx++) {
          if (connectivity === 4 && nx !== x && ny !== y) continue;
          const neighbour = ny * width + nx;
          if (data[neighbour] === 0 || labels[neighbour] !== 0) continue;
          labels[neighbour] = count;
          stack[depth++] = neighbour;
        }
      }
    }
  }
  return { width, height, labels, count };
}

/** Area, box and centre of each component; label k is at index k - 1. */
export function componentStats(components: Components): ComponentStats[] {
  const { width, labels, count } = components;
  const sums = Array.from({ length: count }, () => emptySums());
  for (let pixel = 0; pixel < labels.length; pixel++) {
    const label = labels[pixel];
    if (label === 0) continue;
    const x = pixel % width;
    addPixel(sums[label - 1], x, (pixel - x) / width);
  }
  return sums.map(statsOf);
}

/** The mask of the components whose statistics fulfil `isWanted`. */
export function componentsWhere(components: Components, isWanted: (stats: ComponentStats) => boolean): Mask {
  const { width, height, labels } = components;
  const kept = Uint8Array.from([0, ...componentStats(components).map((stats) => (isWanted(stats) ? 1 : 0))]);
  const data = new Uint8Array(labels.length);
  for (let pixel = 0; pixel < labels.length; pixel++) data[pixel] = kept[labels[pixel]];
  return { width, height, data };
}

/** The components (8-neighbours) of a mask that have at least this share of the largest one's area. */
export function largeComponents(mask: Mask, share: number): Mask {
  const components = labelComponents(mask, 8);
  const largest = componentStats(components).reduce((most, { area }) => Math.max(most, area), 0);
  return componentsWhere(components, ({ area }) => area >= share * largest);
}

/**
 * The component of {map >= level} that holds the pixel of index `seed` (row * width + column), or undefined where
 * the map is below the level there. It visits the component and its rim only.
 */
export function componentAt(
  map: ScalarMap,
  level: number,
  seed: number,
  connectivity: Connectivity = 8,
): ComponentStats | undefined {
  const { width, height, data } = map;
  if (!(data[seed] >= level)) return undefined;
  const seen = new Uint8Array(width * height);
  const sums = emptySums();
  const stack = [seed];
  seen[seed] = 1;
  for (let pixel = stack.pop(); pixel !== undefined; pixel = stack.pop()) {
    const x = pixel % width;
    const y = (pixel - x) / width;
    addPixel(sums, x, y);
    const lastY = Math.min(y + 1, height - 1);
    const lastX = Math.min(x + 1, width - 1);
    for (let ny = Math.max(y - 1, 0); ny <= lastY; ny++) {
      for (let nx = Math.max(x - 1, 0); nx <= lastX; nx++) {
        const neighbour = ny * width + nx;
        if (seen[neighbour] === 1 || !(data[neighbour] >= level)) continue;
        if (connectivity === 4 && nx !== x && ny !== y) continue;
        seen[neighbour] = 1;
        stack.push(neighbour);
      }
    }
  }
  return statsOf(sums);
}

interface Sums {
  area: number;
  sumX: number;
  sumY: number;
  x0: number;
  y0: number;
  x1: number;
  y1: number;
}

function emptySums(): Sums {
  return { area: 0, sumX: 0, sumY: 0, x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
}

function addPixel(sums: Sums, x: number, y: number): void {
  sums.area++;
  sums.sumX += x;
  sums.sumY += y;
  if (x < sums.x0) sums.x0 = x;
  if (x > sums.x1) sums.x1 = x;
  if (y < sums.y0) sums.y0 = y;
  if (y > sums.y1) sums.y1 = y;
}

function statsOf({ area, sumX, sumY, x0, y0, x1, y1 }: Sums): ComponentStats {
  return { area, box: { x0, y0, x1, y1 }, centre: { x: sumX / area, y: sumY / area } };
}
