/**
 * Sets NaN and infinities to the least finite value in place: they are nearly always background, where 0 may be bright.
 * Data without a finite value stays as it is.
 * @returns the range of the finite values, (Infinity, -Infinity) of none, and how many others there were
 */
export function fillNonFinite(data: Float32Array): {
  readonly min: number;
  readonly max: number;
  readonly missing: number;
} {
  let [min, max, missing] = [Infinity, -Infinity, 0];
  for (let i = 0; i < data.length; i++) {
    const value = data[i];
    if (!(value - value === 0)) {
      missing++;
      continue;
    }
    if (value < min) min = value;
    if (value > max) max = value;
  }
  if (missing > 0 && missing < data.length) {
    for (let i = 0; i < data.length; i++) if (!(data[i] - data[i] === 0)) data[i] = min;
  }
  return { min, max, missing };
}
