import { gaussian } from "../util/gaussian.ts";
import type { Random } from "../util/prng.ts";
import { between, chance } from "./draw.ts";
import { drawSoftness } from "./outline.ts";
import { type Change, coverOf, halfCovered, type Site, weightedMean } from "./site.ts";

/** A change of texture alone: noisier or blurred, with the mean of the place unchanged. */
export function speckle(site: Site, random: Random): Change {
  const cover = coverOf(site, drawSoftness(random, site.outline.radius));
  const texture = chance(random, 0.6) ? noisier(site, random) : blurred(site, random);
  const mean = weightedMean(texture, cover);
  const values = site.before.map((value, i) => value + cover[i] * (texture[i] - mean));
  return { values, mask: halfCovered(cover) };
}

/**
 * Normal noise with grains about 1 to 3 pixels wide and a standard deviation of 8 to 20 % of the body's range, or,
 * where it is more, 1 to 1.8 times that of the structure which is there.
 */
function noisier(site: Site, random: Random): Float32Array {
  const { outline, normal } = site;
  const { width, height } = outline;
  const white = { width, height, data: outline.depth.map(() => random.normal()) };
  const grains = gaussian(white, between(random, 0.4, 1.3)).data;
  const least = between(random, 1, 1.8) * rootMeanSquare(sharpening(site, 1.5));
  const strength = Math.max(normal.span * between(random, 0.08, 0.2), least) / rootMeanSquare(grains);
  return grains.map((value) => strength * value);
}

/** What blurring by 1.5 to 4 pixels adds. */
function blurred(site: Site, random: Random): Float32Array {
  return sharpening(site, between(random, 1.5, 4)).map((value) => -value);
}

/** The image less its Gaussian. */
function sharpening({ outline, before }: Site, sigma: number): Float32Array {
  const { width, height } = outline;
  const smooth = gaussian({ width, height, data: before }, sigma).data;
  return before.map((value, i) => value - smooth[i]);
}

function rootMeanSquare(values: Float32Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);
}
