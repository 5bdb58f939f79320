import { fuseLayers } from "../map/fuse-layers.ts";
import { withMirror } from "../map/mirror.ts";
import type { Calibration, HeldOutDistances } from "../types.ts";

/** The distances of one image, [patches] each: those of the searches, and to the mirrored places. */
export interface ImageDistances {
  readonly searches: readonly Float32Array[];
  readonly mirror?: Float32Array | undefined;
}

/** The distances of one held-out image. */
export function distancesOf(
  { layers, rows, columns, data, mirror }: HeldOutDistances,
  image: number,
): ImageDistances {
  const patches = rows * columns;
  const searches = Array.from({ length: layers }, (_, layer) => {
    const start = (image * layers + layer) * patches;
    return data.subarray(start, start + patches);
  });
  return { searches, mirror: mirror?.subarray(image * patches, (image + 1) * patches) };
}

/** What the patches of one held-out image show, [patches]. */
export function regionsOfHeldOut({ rows, columns, regions }: HeldOutDistances, image: number): Uint8Array {
  return regions.subarray(image * rows * columns, (image + 1) * rows * columns);
}

/** One distance for each patch, about 1 on average on normal images. */
export function fusedDistances(
  { searches, mirror }: ImageDistances,
  { layerScales, mirrorScale }: Pick<Calibration, "layerScales" | "mirrorScale">,
): Float32Array {
  const fused = fuseLayers(searches, layerScales);
  return mirror && mirrorScale !== null ? withMirror(fused, mirror, mirrorScale) : fused;
}
