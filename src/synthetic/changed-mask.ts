import { largeComponents } from "../util/components.ts";
import { filledHoles } from "../util/filled-holes.ts";
import { gaussian } from "../util/gaussian.ts";
import { type Site, visibleChange } from "./site.ts";

/** Pieces below this share of the largest are left out. */
const LEAST_PIECE = 0.2;

/**
 * Pixels within the outline that look different: the change, smoothed by a tenth of the radius (1.5 pixels or more),
 * is above `least` of the body's range and above twice the image's grain. Streaks are joined, holes are filled, and
 * pieces below a fifth of the largest are left out. Undefined where that is less than `leastShare` of the outline.
 */
export function changedMask(
  site: Site,
  after: Float32Array,
  least: number,
  leastShare: number,
): Uint8Array | undefined {
  const { width, height, depth, radius } = site.outline;
  const change = visibleChange(site, after, Math.max(1.5, 0.1 * radius));
  const level = Math.max(least, 2 * site.normal.grain);
  const seen = joined(
    change.map((size, i) => (depth[i] > 0 && size > level ? 1 : 0)),
    site,
  );
  const { data: mask } = filledHoles(largeComponents({ width, height, data: seen }, LEAST_PIECE));
  const area = mask.reduce((sum, inside) => sum + inside, 0);
  const whole = depth.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  return area > 0 && area >= leastShare * whole ? mask : undefined;
}

/** Closes gaps between streaks: pixels around which 40 % are seen, in a window that grows with the lesion. */
function joined(seen: Float32Array, { outline }: Site): Uint8Array {
  const { width, height, depth, radius } = outline;
  const share = gaussian({ width, height, data: seen }, Math.max(1.2, 0.15 * radius)).data;
  return Uint8Array.from(share, (value, i) => (depth[i] > 0 && value > 0.4 ? 1 : 0));
}
