import { assert } from "../util/assert.ts";

/**
 * One distance per patch from those of several layers [patches]: the mean over layers of distance / scale.
 * @param scales what a normal distance is in each layer (Calibration.layerScales); positive
 */
export function fuseLayers(distances: readonly Float32Array[], scales: readonly number[]): Float32Array {
  assert(
    distances.length > 0 && distances.length === scales.length,
    `${distances.length} layers, ${scales.length} scales`,
  );
  const fused = new Float32Array(distances[0].length);
  for (const [layer, distance] of distances.entries()) {
    const scale = scales[layer];
    assert(scale > 0, `the scale of layer ${layer} is ${scale}`);
    assert(
      distance.length === fused.length,
      `layer ${layer} has ${distance.length} patches of ${fused.length}`,
    );
    const share = 1 / (scale * distances.length);
    for (let patch = 0; patch < fused.length; patch++) fused[patch] += distance[patch] * share;
  }
  return fused;
}
