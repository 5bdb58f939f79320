import { PADDING } from "../geometry/regions.ts";

/**
 * Distances of an image alone: what lies in the padding beside it is as near as its nearest patch. Padding is blank, which
 * may be like nothing in a bank of images that have none, and says nothing of the image.
 * @param distances [patches]
 * @param regions [patches], see geometry/regions.ts
 */
export function withoutPadding(distances: Float32Array, regions: Uint8Array): Float32Array {
  if (!regions.includes(PADDING)) return distances;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < distances.length; i++) {
    if (regions[i] !== PADDING) least = Math.min(least, distances[i]);
  }
  return distances.map((distance, i) => (regions[i] === PADDING ? least : distance));
}
