import { anomalyMap, type MapGeometry } from "../map/anomaly-map.ts";
import { standardise } from "../map/standardise.ts";
import { withoutPadding } from "../map/without-padding.ts";
import type { Calibration, FitOptions, HeldOutDistances, ScalarMap } from "../types.ts";
import { mapCentre } from "./descriptors.ts";
import { createExpectation } from "./expectation.ts";
import { distancesOf, fusedDistances, regionsOfHeldOut } from "./held-out.ts";
import { imageLevel, imageScore } from "./image-score.ts";

/**
 * Images count as symmetric where the mirrored place is at most so many times as far as the nearest row, on average over
 * normal images. It was 1.0 in brains, 2.0 in slices through the liver.
 */
const SYMMETRIC = 1.4;

/**
 * What the held-out images' distances say is normal.
 * @param size side of the model frame
 */
export function calibrate(heldOut: HeldOutDistances, size: number, options: FitOptions): Calibration {
  const { images, rows, columns, fold, signature } = heldOut;
  const geometry = { rows, columns, centre: mapCentre(options), size };
  const dims = signature.length / images;
  const layerScales = meanOfLayers(heldOut);
  const scales = { layerScales, mirrorScale: mirrorScaleOf(heldOut, layerScales[0], options) };
  const fusedOf = (image: number) => fusedDistances(distancesOf(heldOut, image), scales);
  const patchStd = momentsOf(images, fusedOf).std || 1;
  const expectation = createExpectation(heldOut, { ...scales, patchStd }, options);
  const beyond = Array.from({ length: images }, (_, image) => {
    const own = signature.subarray(image * dims, (image + 1) * dims);
    const distances = expectation(fusedOf(image), own, fold[image]);
    return withoutPadding(distances, regionsOfHeldOut(heldOut, image));
  });
  const mapOf = (image: number) => anomalyMap(beyond[image], geometry, options.sigma);
  const { mean, std, maxima } = momentsOf(images, (image) => mapOf(image).data);
  const unit = { mapMean: mean, mapStd: std || 1 };
  const mapMaxima = [...standardise(maxima, unit.mapMean, unit.mapStd).data];
  const imageScores = mapMaxima.map((maximum, image) => {
    const { searches } = distancesOf(heldOut, image);
    const level = imageLevel(beyond[image], regionsOfHeldOut(heldOut, image), unit);
    return imageScore({ searches, maximum, level }, options);
  });
  return {
    imageScores: imageScores.sort((a, b) => a - b),
    mapMaxima: mapMaxima.sort((a, b) => a - b),
    ...scales,
    patchStd,
    ...unit,
  };
}

/**
 * The anomaly map in the model frame, in standard deviations of normal variation.
 * @param distances [patches], with what is expected discounted
 */
export function standardMap(
  distances: Float32Array,
  { mapMean, mapStd }: Calibration,
  geometry: MapGeometry,
  { sigma }: FitOptions,
): ScalarMap {
  return standardise(anomalyMap(distances, geometry, sigma), mapMean, mapStd);
}

/**
 * Mean distance to the mirrored place, where halves are to be compared.
 * @param nearest mean distance to the nearest row
 */
function mirrorScaleOf(
  { mirror }: HeldOutDistances,
  nearest: number,
  { symmetry, distance }: FitOptions,
): number | null {
  if (mirror === undefined || symmetry === "none") return null;
  const { mean } = momentsOf(1, () => mirror);
  const squared = distance === "squared-l2" ? nearest : nearest * nearest;
  return symmetry === "left-right" || mean <= SYMMETRIC * squared ? mean || 1 : null;
}

function meanOfLayers(heldOut: HeldOutDistances): number[] {
  const sums = new Float64Array(heldOut.layers);
  for (let image = 0; image < heldOut.images; image++) {
    for (const [layer, distances] of distancesOf(heldOut, image).searches.entries()) {
      for (const distance of distances) sums[layer] += distance;
    }
  }
  return Array.from(sums, (sum) => sum / (heldOut.images * heldOut.rows * heldOut.columns) || 1);
}

interface Moments {
  /** Over the values of all images. */
  readonly mean: number;
  readonly std: number;
  /** The largest value of each image, as a map of one row. */
  readonly maxima: ScalarMap;
}

/** Asks for the values of each image once, since making them may cost much. */
function momentsOf(images: number, valuesOf: (image: number) => Float32Array): Moments {
  let [count, sum, squares] = [0, 0, 0];
  const data = new Float32Array(images).fill(Number.NEGATIVE_INFINITY);
  for (let image = 0; image < images; image++) {
    for (const value of valuesOf(image)) {
      sum += value;
      squares += value * value;
      data[image] = Math.max(data[image], value);
      count++;
    }
  }
  const mean = sum / count;
  const std = Math.sqrt(Math.max(0, squares / count - mean * mean));
  return { mean, std, maxima: { width: images, height: 1, data } };
}
