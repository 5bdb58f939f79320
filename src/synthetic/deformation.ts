import type { Random } from "../util/prng.ts";
import { changedMask } from "./changed-mask.ts";
import { between, direction } from "./draw.ts";
import type { Change, Site } from "./site.ts";

/** Change that counts as visible, as a share of the body's range, and the share of the disc that must show it. */
const LEAST_CHANGE = 0.06;
const LEAST_SHARE = 0.1;

/** Moves what is at (dx, dy) from the centre of the unit disc; the result is where a pixel's value comes from. */
type Warp = (dx: number, dy: number) => readonly [number, number];

/**
 * Tissue pushed about within a disc, as by the mass effect of a growing lesion: bulged, shrunk or shifted, and
 * unchanged at the disc's edge. The mask is where pixels visibly changed.
 */
export function deformation(site: Site, random: Random): Change | undefined {
  const { outline, before, body } = site;
  const { width, height, radius } = outline;
  const warp = drawWarp(random);
  const [cx, cy] = [outline.x - outline.x0, outline.y - outline.y0];
  const values = before.map((value, i) => {
    const [dx, dy] = [((i % width) - cx) / radius, (Math.floor(i / width) - cy) / radius];
    if (body[i] === 0 || dx * dx + dy * dy >= 1) return value;
    const [fromX, fromY] = warp(dx, dy);
    return bilinear(before, width, height, cx + radius * fromX, cy + radius * fromY);
  });
  const mask = changedMask(site, values, LEAST_CHANGE, LEAST_SHARE);
  return mask && { values, mask };
}

function drawWarp(random: Random): Warp {
  const kind = random.integer(3);
  const strength = between(random, 0.5, 0.9);
  const { x, y } = direction(random);
  const fade = (dx: number, dy: number) => (1 - dx * dx - dy * dy) ** 2;
  if (kind === 0) return (dx, dy) => scaled(dx, dy, 1 - strength * fade(dx, dy));
  if (kind === 1) return (dx, dy) => scaled(dx, dy, 1 + strength * fade(dx, dy));
  return (dx, dy) => {
    const shift = 0.6 * strength * fade(dx, dy);
    return [dx - shift * x, dy - shift * y];
  };
}

function scaled(dx: number, dy: number, factor: number): readonly [number, number] {
  return [dx * factor, dy * factor];
}

/** The value at (x, y), held inside the rectangle. */
function bilinear(data: Float32Array, width: number, height: number, x: number, y: number): number {
  const column = Math.min(width - 1, Math.max(0, x));
  const row = Math.min(height - 1, Math.max(0, y));
  const [left, above] = [Math.floor(column), Math.floor(row)];
  const [right, below] = [Math.min(width - 1, left + 1), Math.min(height - 1, above + 1)];
  const [across, down] = [column - left, row - above];
  const top = data[above * width + left] * (1 - across) + data[above * width + right] * across;
  const bottom = data[below * width + left] * (1 - across) + data[below * width + right] * across;
  return top * (1 - down) + bottom * down;
}
