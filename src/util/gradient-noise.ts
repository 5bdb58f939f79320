import type { Random } from "./prng.ts";

/** A smooth random function of the plane with mean 0, mostly within -1 .. 1, that repeats every 32 units. */
export type NoiseField = (x: number, y: number) => number;

const CELLS = 32;

/**
 * Gradient noise (K. Perlin, "Improving noise", SIGGRAPH 2002, in the plane): a random unit vector at each whole
 * point, its ramps blended by 6t^5 - 15t^4 + 10t^3. Features are about one unit wide.
 */
export function createNoiseField(random: Random): NoiseField {
  const gradients = new Float64Array(2 * CELLS * CELLS);
  for (let i = 0; i < gradients.length; i += 2) {
    const x = random.normal();
    const y = random.normal();
    const length = Math.sqrt(x * x + y * y) || 1;
    gradients[i] = x / length;
    gradients[i + 1] = y / length;
  }
  return (x, y) => {
    const column = Math.floor(x);
    const row = Math.floor(y);
    const dx = x - column;
    const dy = y - row;
    const above = (row & (CELLS - 1)) * CELLS;
    const below = ((row + 1) & (CELLS - 1)) * CELLS;
    const left = column & (CELLS - 1);
    const right = (column + 1) & (CELLS - 1);
    const across = fade(dx);
    const top = mix(
      ramp(gradients, above + left, dx, dy),
      ramp(gradients, above + right, dx - 1, dy),
      across,
    );
    const bottom = mix(
      ramp(gradients, below + left, dx, dy - 1),
      ramp(gradients, below + right, dx - 1, dy - 1),
      across,
    );
    return Math.SQRT2 * mix(top, bottom, fade(dy));
  };
}

function ramp(gradients: Float64Array, point: number, dx: number, dy: number): number {
  return gradients[2 * point] * dx + gradients[2 * point + 1] * dy;
}

function fade(t: number): number {
  return t * t * t * (t * (6 * t - 15) + 10);
}

function mix(a: number, b: number, share: number): number {
  return a + (b - a) * share;
}
