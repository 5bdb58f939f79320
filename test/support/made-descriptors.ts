// Rows of many kinds for tests of the search; the same seed gives the same rows.

import { createRandom } from "../../src/util/prng.ts";

/** `rows` rows of `dims` values, each made by `row` from a generator of random numbers. */
export function madeRows(
  rows: number,
  dims: number,
  seed: number,
  row: (random: ReturnType<typeof createRandom>, values: Float32Array) => void,
): Float32Array {
  const random = createRandom(seed);
  const data = new Float32Array(rows * dims);
  for (let i = 0; i < rows; i++) row(random, data.subarray(i * dims, (i + 1) * dims));
  return data;
}

/** Independent values in [-1, 1). */
export function evenRows(rows: number, dims: number, seed: number): Float32Array {
  return madeRows(rows, dims, seed, (random, values) => {
    for (let d = 0; d < dims; d++) values[d] = 2 * random.uniform() - 1;
  });
}

/** Rows within `spread` of one of `clusters` centres, which are the same for every seed. */
export function clusteredRows(
  rows: number,
  dims: number,
  seed: number,
  clusters: number,
  spread: number,
): Float32Array {
  const centres = evenRows(clusters, dims, 0);
  return madeRows(rows, dims, seed, (random, values) => {
    const start = random.integer(clusters) * dims;
    for (let d = 0; d < dims; d++) values[d] = centres[start + d] + spread * (2 * random.uniform() - 1);
  });
}

/** Rows of which one in `every` has a first value that is too large by `size`. */
export function outlierRows(
  rows: number,
  dims: number,
  seed: number,
  every: number,
  size: number,
): Float32Array {
  return madeRows(rows, dims, seed, (random, values) => {
    for (let d = 0; d < dims; d++) values[d] = 2 * random.uniform() - 1;
    if (random.integer(every) === 0) values[0] += size;
  });
}

/** All values of a row are the same, as those of a patch of background: rounding errors are the same, too. */
export function flatRows(rows: number, dims: number, seed: number): Float32Array {
  return madeRows(rows, dims, seed, (random, values) => {
    values.fill(random.uniform());
  });
}

/**
 * Like the features of an encoder: a dozen directions of decreasing strength that many values share, some noise, and
 * means that are far from zero, some of them many standard deviations (as measured on LiteMedSAM's: standard deviation
 * 0.5, means to 3.4, squared distances of about 30 at 320 values).
 */
export function featureRows(rows: number, dims: number, seed: number): Float32Array {
  const rank = 12;
  const shared = createRandom(0);
  const directions = Float32Array.from({ length: rank * dims }, () => shared.normal());
  const means = Float32Array.from(
    { length: dims },
    () => 0.5 * shared.normal() * (1 + 5 * shared.uniform() ** 8),
  );
  return madeRows(rows, dims, seed, (random, values) => {
    for (let d = 0; d < dims; d++) values[d] = means[d] + 0.2 * random.normal();
    for (let k = 0; k < rank; k++) {
      const strength = (0.4 / (1 + k)) * random.normal();
      for (let d = 0; d < dims; d++) values[d] += strength * directions[k * dims + d];
    }
  });
}
