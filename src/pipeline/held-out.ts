import { fuseLayers } from "../map/fuse-layers.ts";
import type { HeldOutDistances } from "../types.ts";

/** Distances of one held-out image, one array [patches] for each search. */
export function distancesOf(
  { layers, rows, columns, data }: HeldOutDistances,
  image: number,
): Float32Array[] {
  const patches = rows * columns;
  return Array.from({ length: layers }, (_, layer) => {
    const start = (image * layers + layer) * patches;
    return data.subarray(start, start + patches);
  });
}

/** One distance for each patch of a held-out image. @param scales of the searches (Calibration.layerScales) */
export function fusedDistances(
  heldOut: HeldOutDistances,
  image: number,
  scales: readonly number[],
): Float32Array {
  return fuseLayers(distancesOf(heldOut, image), scales);
}
