import type { NdArray, Session } from "../runtime/runtime.ts";
import type { Encoding, FeatureMap } from "../types.ts";
import { assert } from "../util/assert.ts";
import type { ModelManifest } from "./manifest.ts";

/**
 * Runs the image encoder once.
 * @param input [3, size, size], normalised as the manifest says
 * @param taps names of the feature maps wanted beside the embedding
 */
export async function encode(
  session: Session,
  manifest: ModelManifest,
  input: Float32Array,
  taps: readonly string[],
): Promise<Encoding> {
  const { size } = manifest.input;
  assert(input.length === 3 * size * size, `encoder input has ${input.length} values`);
  const { embedding, taps: known } = manifest.encoder.outputs;
  const wanted = [embedding, ...known.filter((tap) => taps.includes(tap.name))];
  const outputs = await session.run(
    { [manifest.encoder.inputs.image]: { data: input, dims: [1, 3, size, size] } },
    wanted.map((tap) => tap.name),
  );
  const maps = new Map(wanted.map((tap) => [tap.name, featureMap(tap.name, outputs[tap.name])]));
  return { embedding: maps.get(embedding.name) as FeatureMap, taps: maps };
}

function featureMap(name: string, array: NdArray): FeatureMap {
  const [batch, channels, height, width] = array.dims;
  assert(batch === 1 && array.dims.length === 4, `${name} has shape ${array.dims.join(" x ")}`);
  return { name, channels, height, width, data: array.data };
}
