import { anomalyMap } from "../map/anomaly-map.ts";
import { fuseLayers } from "../map/fuse-layers.ts";
import { standardise } from "../map/standardise.ts";
import type { Calibration, FitOptions, HeldOutDistances, ScalarMap } from "../types.ts";
import { mapMaximum } from "../util/map-statistics.ts";
import { valueRange } from "../util/value-range.ts";

/** The grid of patches, and the frame in which their distances become a map. */
export interface MapGeometry {
  readonly rows: number;
  readonly columns: number;
  /** Side of the model frame. */
  readonly size: number;
}

/**
 * What the held-out images' distances say is normal.
 * @param size side of the model frame
 */
export function calibrate(heldOut: HeldOutDistances, size: number, options: FitOptions): Calibration {
  const geometry = { rows: heldOut.rows, columns: heldOut.columns, size };
  const layerScales = meanOfLayers(heldOut);
  const maps = (image: number) => fusedMap(distancesOf(heldOut, image), layerScales, geometry, options.sigma);
  const { mean, std } = pixelMoments(heldOut.images, maps);
  const partial: Calibration = { imageScores: [], mapMaxima: [], layerScales, mapMean: mean, mapStd: std };
  const images = Array.from({ length: heldOut.images }, (_, image) => {
    const distances = distancesOf(heldOut, image);
    const map = standardMap(distances, partial, geometry, options);
    return { score: imageScore(distances, map, options), maximum: mapMaximum(map).value };
  });
  return {
    ...partial,
    imageScores: images.map(({ score }) => score).sort((a, b) => a - b),
    mapMaxima: images.map(({ maximum }) => maximum).sort((a, b) => a - b),
  };
}

/** The anomaly map in the model frame, in standard deviations of normal variation. */
export function standardMap(
  distances: readonly Float32Array[],
  calibration: Calibration,
  geometry: MapGeometry,
  options: FitOptions,
): ScalarMap {
  const fused = fusedMap(distances, calibration.layerScales, geometry, options.sigma);
  return standardise(fused, calibration.mapMean, calibration.mapStd);
}

/** The score of an image, from its patch distances and its map. */
export function imageScore(distances: readonly Float32Array[], map: ScalarMap, options: FitOptions): number {
  return options.score === "map-maximum" ? mapMaximum(map).value : valueRange(distances[0]).max;
}

function fusedMap(
  distances: readonly Float32Array[],
  scales: readonly number[],
  { rows, columns, size }: MapGeometry,
  sigma: number,
): ScalarMap {
  return anomalyMap(fuseLayers(distances, scales), rows, columns, size, sigma);
}

function distancesOf({ layers, rows, columns, data }: HeldOutDistances, image: number): Float32Array[] {
  const patches = rows * columns;
  return Array.from({ length: layers }, (_, layer) => {
    const start = (image * layers + layer) * patches;
    return data.subarray(start, start + patches);
  });
}

function meanOfLayers(heldOut: HeldOutDistances): number[] {
  const sums = new Float64Array(heldOut.layers);
  for (let image = 0; image < heldOut.images; image++) {
    for (const [layer, distances] of distancesOf(heldOut, image).entries()) {
      for (const distance of distances) sums[layer] += distance;
    }
  }
  return Array.from(sums, (sum) => sum / (heldOut.images * heldOut.rows * heldOut.columns) || 1);
}

function pixelMoments(images: number, map: (image: number) => ScalarMap): { mean: number; std: number } {
  let [count, sum, squares] = [0, 0, 0];
  for (let image = 0; image < images; image++) {
    for (const value of map(image).data) {
      sum += value;
      squares += value * value;
      count++;
    }
  }
  const mean = sum / count;
  return { mean, std: Math.sqrt(Math.max(0, squares / count - mean * mean)) || 1 };
}
