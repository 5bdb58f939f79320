import type { Mask } from "../types.ts";

/**
 * The Euclidean distance of each pixel to the nearest pixel that is not 0, between pixel centres; exact. Along
 * columns by two scans, along rows by the lower envelope of parabolas (P. Felzenszwalb, D. Huttenlocher, "Distance
 * transforms of sampled functions", Theory of Computing 8, 2012).
 * @param spacing of pixels along x and y, positive
 * @returns [height, width], in units of `spacing`; Infinity where the mask is empty
 */
export function distanceTransform(mask: Mask, spacing: readonly [number, number] = [1, 1]): Float64Array {
  const { width, height } = mask;
  const distances = squaredAlongColumns(mask, spacing[1]);
  const row = new Float64Array(width);
  const envelope: Envelope = { vertices: new Int32Array(width), starts: new Float64Array(width) };
  for (let y = 0; y < height; y++) {
    row.set(distances.subarray(y * width, (y + 1) * width));
    const count = lowerEnvelope(row, spacing[0], envelope);
    let part = 0;
    for (let x = 0; x < width; x++) {
      while (part + 1 < count && envelope.starts[part + 1] < x) part++;
      const vertex = envelope.vertices[part];
      distances[y * width + x] =
        count === 0 ? Infinity : Math.sqrt(row[vertex] + ((x - vertex) * spacing[0]) ** 2);
    }
  }
  return distances;
}

/** Squared distances within each column. */
function squaredAlongColumns({ width, height, data }: Mask, spacing: number): Float64Array {
  const squared = new Float64Array(width * height);
  const rowsAway = new Float64Array(width).fill(Infinity);
  for (let y = 0; y < height; y++) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      rowsAway[x] = data[i] === 0 ? rowsAway[x] + 1 : 0;
      squared[i] = (rowsAway[x] * spacing) ** 2;
    }
  }
  rowsAway.fill(Infinity);
  for (let y = height - 1; y >= 0; y--) {
    for (let x = 0, i = y * width; x < width; x++, i++) {
      rowsAway[x] = data[i] === 0 ? rowsAway[x] + 1 : 0;
      squared[i] = Math.min(squared[i], (rowsAway[x] * spacing) ** 2);
    }
  }
  return squared;
}

/** The parabolas that are lowest somewhere, from left to right: where their vertices lie and where each begins. */
interface Envelope {
  readonly vertices: Int32Array;
  readonly starts: Float64Array;
}

/** Fills `envelope` for parabolas at each x of height `row[x]` and returns how many are in it. */
function lowerEnvelope(row: Float64Array, spacing: number, { vertices, starts }: Envelope): number {
  const unit = spacing * spacing;
  let count = 0;
  for (let x = 0; x < row.length; x++) {
    if (row[x] === Infinity) continue;
    let start = -Infinity;
    while (count > 0) {
      const last = vertices[count - 1];
      start = (row[x] - row[last]) / (2 * unit * (x - last)) + (x + last) / 2;
      if (start > starts[count - 1]) break;
      count--;
    }
    vertices[count] = x;
    starts[count] = count === 0 ? -Infinity : start;
    count++;
  }
  return count;
}
