// Connected components of a stack of masks (26-neighbours: faces, edges and corners), slice by slice: each slice is
// labelled in the plane, then labels that touch across two slices are joined in a union-find forest. Only two slices are
// in memory at a time.

import type { Components } from "./components.ts";

export interface StackComponents {
  readonly count: number;
  /** The component, 0 .. count - 1, of label `label` (from 1) of a slice; in order of its first pixel in the stack. */
  componentOf(slice: number, label: number): number;
}

/**
 * @param slices how many
 * @param labelsOf the components (8-neighbours) of a slice, asked for once each and in order; undefined for an empty one
 */
export function joinSlices(
  slices: number,
  labelsOf: (slice: number) => Components | undefined,
): StackComponents {
  const first: number[] = [];
  const parent: number[] = [];
  let before: Components | undefined;
  for (let slice = 0; slice < slices; slice++) {
    const own = labelsOf(slice);
    first.push(parent.length);
    for (let label = 0; label < (own?.count ?? 0); label++) parent.push(parent.length);
    if (own && before) joinTouching(parent, before, first[slice - 1], own, first[slice]);
    before = own;
  }
  const number = new Map<number, number>();
  for (let node = 0; node < parent.length; node++) {
    const root = rootOf(parent, node);
    if (!number.has(root)) number.set(root, number.size);
  }
  return {
    count: number.size,
    componentOf: (slice, label) => number.get(rootOf(parent, first[slice] + label - 1)) as number,
  };
}

/** Joins the labels of pixels that touch across two slices: the 3 x 3 pixels above each. */
function joinTouching(parent: number[], a: Components, firstA: number, b: Components, firstB: number): void {
  const { width, height } = b;
  for (let y = 0, pixel = 0; y < height; y++) {
    for (let x = 0; x < width; x++, pixel++) {
      const label = b.labels[pixel];
      if (label === 0) continue;
      for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
        for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
          const other = a.labels[ny * width + nx];
          if (other !== 0) join(parent, firstA + other - 1, firstB + label - 1);
        }
      }
    }
  }
}

/** The lower number stays the root. */
function join(parent: number[], a: number, b: number): void {
  const [rootA, rootB] = [rootOf(parent, a), rootOf(parent, b)];
  parent[Math.max(rootA, rootB)] = Math.min(rootA, rootB);
}

/** Halves the path on the way. */
function rootOf(parent: number[], node: number): number {
  let at = node;
  while (parent[at] !== at) {
    parent[at] = parent[parent[at]];
    at = parent[at];
  }
  return at;
}
