import type { NormalImage } from "../../src/synthetic/normal-image.ts";
import { examineNormal } from "../../src/synthetic/normal-image.ts";
import { drawOutline } from "../../src/synthetic/outline.ts";
import { openSite, type Site } from "../../src/synthetic/site.ts";
import type { ScalarMap } from "../../src/types.ts";
import { createRandom, hash32 } from "../../src/util/prng.ts";

/** A disc of 3/8 of the side with stripes of 90 and 130 that are 16 pixels wide, slightly noisy, in air of 0 to 3. */
export function madeDisc(size: number, number = 0): ScalarMap {
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    const noise = hash32(number, i, 5) % 4;
    const [dx, dy] = [(i % size) - size / 2, Math.floor(i / size) - size / 2];
    if (dx * dx + dy * dy > (0.375 * size) ** 2) return noise;
    return noise + (((i % size) + 6 * number) % 32 < 16 ? 90 : 130);
  });
  return { width: size, height: size, data };
}

/** The place for a lesion of `area` pixels in the middle of a disc of 96 pixels, with two other discs as donors. */
export function madeSite(area: number, seed: number): Site {
  const normal = examineNormal(madeDisc(96));
  const donors: readonly NormalImage[] = [1, 2].map((number) => examineNormal(madeDisc(96, number)));
  const outline = drawOutline(createRandom(seed), area, { x: 48, y: 48 }, normal.image);
  return openSite(normal, normal.image, outline, donors);
}

/** Mean of the values where the mask is `inside`. */
export function meanWhere(values: Float32Array, mask: Uint8Array, inside: 0 | 1 = 1): number {
  const chosen = values.filter((_, i) => mask[i] === inside);
  return chosen.reduce((sum, value) => sum + value, 0) / chosen.length;
}
