/** Values between two looks at whether a distance can still be less. */
const STRIDE = 64;

/**
 * Squared L2 distance of `dims` values of `a`, from `atA` on, to those of `b` from `atB` on; stops early, at a value above
 * `limit`, once it cannot be less.
 */
export function squaredDistance(
  a: Float32Array,
  atA: number,
  b: Float32Array,
  atB: number,
  dims: number,
  limit = Number.POSITIVE_INFINITY,
): number {
  let sum = 0;
  let d = 0;
  while (d + STRIDE <= dims && sum <= limit) {
    const end = d + STRIDE;
    // Four sums that do not wait for one another.
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (; d < end; d += 4) {
      const d0 = a[atA + d] - b[atB + d];
      const d1 = a[atA + d + 1] - b[atB + d + 1];
      const d2 = a[atA + d + 2] - b[atB + d + 2];
      const d3 = a[atA + d + 3] - b[atB + d + 3];
      s0 += d0 * d0;
      s1 += d1 * d1;
      s2 += d2 * d2;
      s3 += d3 * d3;
    }
    sum += s0 + s1 + (s2 + s3);
  }
  for (; d < dims && sum <= limit; d++) sum += (a[atA + d] - b[atB + d]) ** 2;
  return sum;
}
