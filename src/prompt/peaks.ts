// The hills of an anomaly map, without a threshold: each peak with the height at which it joins a higher one. The
// difference is its persistence (Edelsbrunner, Letscher & Zomorodian, "Topological persistence and simplification",
// 2002): how far the level must fall before the peak is only a shoulder of its neighbour.
//
// Pixels are added from the highest down; components are kept in a union-find forest whose roots are their peaks.

import type { ScalarMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import { keyOfBits } from "../util/float-key.ts";

export interface Peak {
  /** Index of its pixel, row * width + column. */
  readonly index: number;
  readonly value: number;
  /** Height at which it joins a higher peak; of the highest, the least value of the map. */
  readonly saddle: number;
}

/** The peaks of a map of finite values (8-neighbours), the most persistent first; of equals the one added first. */
export function mapPeaks({ width, height, data }: ScalarMap): Peak[] {
  const order = descendingOrder(data);
  const parent = new Int32Array(data.length).fill(-1);
  const peaks: Peak[] = [];
  for (const pixel of order) {
    parent[pixel] = pixel;
    const x = pixel % width;
    const y = (pixel - x) / width;
    for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny++) {
      for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx++) {
        const neighbour = ny * width + nx;
        if (parent[neighbour] >= 0) join(pixel, neighbour);
      }
    }
  }
  if (order.length > 0) {
    const saddle = data[order[order.length - 1]];
    peaks.push({ index: order[0], value: data[order[0]], saddle });
  }
  return peaks.sort((a, b) => b.value - b.saddle - (a.value - a.saddle));

  /** Joins the components of a new pixel and of its neighbour; the lower peak ends here. */
  function join(pixel: number, neighbour: number): void {
    const a = rootOf(parent, pixel);
    const b = rootOf(parent, neighbour);
    if (a === b) return;
    const [higher, lower] = isHigher(data, a, b) ? [a, b] : [b, a];
    parent[lower] = higher;
    if (data[lower] > data[pixel]) peaks.push({ index: lower, value: data[lower], saddle: data[pixel] });
  }
}

/** Whole numbers up to 2^53 are exact: 32 bits of a value and 21 of its place make one key. */
const PLACES = 2 ** 21;

/** Indices of at most 2^21 values from the greatest value to the least; equals in order of their index. */
function descendingOrder(data: Float32Array): Uint32Array {
  assert(data.length <= PLACES, `a map of ${data.length} pixels is too large to be sorted`);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.length);
  const keys = new Float64Array(data.length);
  for (let i = 0; i < keys.length; i++) keys[i] = (0xffffffff - keyOfBits(bits[i])) * PLACES + i;
  keys.sort();
  const order = new Uint32Array(data.length);
  for (let i = 0; i < order.length; i++) order[i] = keys[i] % PLACES;
  return order;
}

function isHigher(data: Float32Array, a: number, b: number): boolean {
  return data[a] > data[b] || (data[a] === data[b] && a < b);
}

/** The root of a pixel's component; halves the path on the way. */
function rootOf(parent: Int32Array, pixel: number): number {
  let at = pixel;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]];
    at = parent[at];
  }
  return at;
}
