import { componentStats, labelComponents } from "../util/components.ts";
import { type Site, visibleChange } from "./site.ts";

/**
 * Pixels within the outline that look different: the change, smoothed by a tenth of the radius (a pixel or more), is
 * above `least` of the body's range. Its holes are filled and only its largest piece is kept. Undefined where that
 * is less than `leastShare` of the outline.
 */
export function changedMask(
  site: Site,
  after: Float32Array,
  least: number,
  leastShare: number,
): Uint8Array | undefined {
  const { width, height, depth, radius } = site.outline;
  const change = visibleChange(site, after, Math.max(1, 0.1 * radius));
  const seen = Uint8Array.from(change, (size, i) => (depth[i] > 0 && size > least ? 1 : 0));
  const mask = withoutHoles(largestPiece(seen, width, height), width, height);
  const area = mask.reduce((sum, inside) => sum + inside, 0);
  const whole = depth.reduce((sum, value) => sum + (value > 0 ? 1 : 0), 0);
  return area > 0 && area >= leastShare * whole ? mask : undefined;
}

function largestPiece(data: Uint8Array, width: number, height: number): Uint8Array {
  const pieces = labelComponents({ width, height, data });
  const areas = componentStats(pieces).map(({ area }) => area);
  const largest = 1 + areas.indexOf(Math.max(...areas));
  return Uint8Array.from(pieces.labels, (label) => (label === largest ? 1 : 0));
}

function withoutHoles(data: Uint8Array, width: number, height: number): Uint8Array {
  const gaps = labelComponents({ width, height, data: data.map((inside) => 1 - inside) }, 4);
  const isOpen = componentStats(gaps).map(
    ({ box }) => box.x0 === 0 || box.y0 === 0 || box.x1 === width - 1 || box.y1 === height - 1,
  );
  return data.map((inside, i) => (inside === 1 || !isOpen[gaps.labels[i] - 1] ? 1 : 0));
}
