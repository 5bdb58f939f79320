import { beyondExpected, expectedDistances, type NormalImage, nearestNormals } from "../map/expected.ts";
import type { Calibration, FitOptions, HeldOutDistances } from "../types.ts";
import { distancesOf, fusedDistances } from "./held-out.ts";

/** Normal images that say what is expected of one like them; with fewer held-out images nothing is expected. */
const NEAREST = 20;

/**
 * Discounts from an image's distances [patches] what is expected of them.
 * @param signature mean patch embedding of the image
 * @param fold of a held-out image: those of its own fold say nothing of it
 */
export type Expectation = (distances: Float32Array, signature: Float32Array, fold?: number) => Float32Array;

/** What the held-out images lead one to expect. */
export function createExpectation(
  heldOut: HeldOutDistances,
  calibration: Pick<Calibration, "layerScales" | "mirrorScale" | "patchStd">,
  { expected }: FitOptions,
): Expectation {
  if (expected === "none" || heldOut.images < NEAREST) return (distances) => distances;
  const normals = normalImages(heldOut, calibration);
  return (distances, signature, fold) => {
    const others = normals.filter((normal) => normal.fold !== fold);
    const nearest = nearestNormals(signature, others, NEAREST);
    return beyondExpected(distances, expectedDistances(nearest), calibration.patchStd);
  };
}

function normalImages(
  heldOut: HeldOutDistances,
  scales: Pick<Calibration, "layerScales" | "mirrorScale">,
): (NormalImage & { readonly fold: number })[] {
  const { images, fold, signature } = heldOut;
  const dims = signature.length / images;
  return Array.from({ length: images }, (_, image) => ({
    fold: fold[image],
    signature: signature.subarray(image * dims, (image + 1) * dims),
    distances: fusedDistances(distancesOf(heldOut, image), scales),
  }));
}
