// Seamless cloning (P. Perez, M. Gangnet, A. Blake, "Poisson image editing", SIGGRAPH 2003): within a region the
// result has the gradients of the source and on its border the values of the target. The discrete Poisson equation
// (4 neighbours, their eq. 7) is solved by conjugate gradients. Neighbours that take no part, such as the air around
// a body, are as if they did not exist (a free border, their eq. 7 at the image's edge).

export interface PoissonProblem {
  readonly width: number;
  readonly height: number;
  readonly target: Float32Array;
  readonly source: Float32Array;
  /** 1 in the region, none on the rectangle's rim; and 1 where pixels take part, the region among them. */
  readonly region: Uint8Array;
  readonly part: Uint8Array;
  /** Take at each edge the stronger of both gradients (their section 4, "mixing gradients"). */
  readonly mixed: boolean;
}

/** Residual at which the solution is good enough, as a share of the first one. */
const TOLERANCE = 1e-4;

/** The blended rectangle; outside the region it is the target. */
export function poissonBlend(problem: PoissonProblem): Float32Array {
  const { width, target, region, part } = problem;
  const pixels = Int32Array.from(region.keys()).filter((i) => region[i] === 1);
  const place = new Int32Array(region.length).fill(-1);
  pixels.forEach((pixel, i) => {
    place[pixel] = i;
  });
  const steps = [-1, 1, -width, width];
  const solution = Float64Array.from(pixels, (pixel) => target[pixel]);
  const degrees = pixels.map((pixel) => steps.reduce((sum, step) => sum + part[pixel + step], 0));
  const apply = (x: Float64Array) =>
    x.map((value, i) => {
      let sum = degrees[i] * value;
      for (const step of steps) {
        const neighbour = place[pixels[i] + step];
        if (neighbour >= 0) sum -= x[neighbour];
      }
      return sum;
    });
  const wanted = Float64Array.from(pixels, (pixel) => rightSide(problem, pixel, steps));
  conjugateGradients(apply, wanted, solution);
  const result = target.slice();
  pixels.forEach((pixel, i) => {
    result[pixel] = solution[i];
  });
  return result;
}

/** Sum of the guiding gradients towards a pixel, and of the target's values on the region's border. */
function rightSide(
  { target, source, region, part, mixed }: PoissonProblem,
  pixel: number,
  steps: readonly number[],
): number {
  let sum = 0;
  for (const step of steps) {
    const neighbour = pixel + step;
    if (part[neighbour] === 0) continue;
    const ofSource = source[pixel] - source[neighbour];
    const ofTarget = target[pixel] - target[neighbour];
    sum += mixed && Math.abs(ofTarget) > Math.abs(ofSource) ? ofTarget : ofSource;
    if (region[neighbour] === 0) sum += target[neighbour];
  }
  return sum;
}

/** Solves apply(x) = wanted for a symmetric positive operator, from the start `x`, in place. */
function conjugateGradients(
  apply: (x: Float64Array) => Float64Array,
  wanted: Float64Array,
  x: Float64Array,
): void {
  const start = apply(x);
  const residual = wanted.map((value, i) => value - start[i]);
  const search = residual.slice();
  let size = dot(residual, residual);
  const enough = size * TOLERANCE * TOLERANCE;
  for (let step = 0; step < x.length && size > enough; step++) {
    const image = apply(search);
    const along = size / dot(search, image);
    for (let i = 0; i < x.length; i++) {
      x[i] += along * search[i];
      residual[i] -= along * image[i];
    }
    const next = dot(residual, residual);
    for (let i = 0; i < x.length; i++) search[i] = residual[i] + (next / size) * search[i];
    size = next;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
