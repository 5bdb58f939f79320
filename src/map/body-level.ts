import { BODY, PADDING } from "../geometry/regions.ts";
import { quantile } from "../util/map-statistics.ts";

/** Typical of the body is its lower quartile: a lesion, and what deviates most of healthy tissue, lie above. */
const TYPICAL = 0.25;

/**
 * The distance that is typical of an image's body, or of the whole image where none is body. An image from elsewhere, or one
 * that is noisier than what was learned, is farther from it everywhere; a lesion in less than three quarters of the
 * body hardly moves it.
 * @param distances [patches]
 * @param regions [patches], see geometry/regions.ts
 */
export function bodyLevel(distances: Float32Array, regions: Uint8Array): number {
  const body = distances.filter((_, patch) => regions[patch] === BODY);
  if (body.length > 0) return quantile(body, TYPICAL);
  return quantile(
    distances.filter((_, patch) => regions[patch] !== PADDING),
    TYPICAL,
  );
}
