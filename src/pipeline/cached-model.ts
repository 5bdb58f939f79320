import type { ModelManifest } from "../model/manifest.ts";
import type { NdArray, Session } from "../runtime/runtime.ts";
import { bytesOf } from "../util/bytes-of.ts";
import { decodeHalf, encodeHalf } from "../util/float16.ts";
import { sha256Hex } from "../util/sha256.ts";
import type { Model } from "./model.ts";

/** Where encodings are kept, by a key of hexadecimal digits and hyphens. */
export interface EncodingStore {
  /** Undefined where there is none. */
  load(key: string): Promise<Uint16Array | undefined>;
  save(key: string, halves: Uint16Array): Promise<void>;
}

/** A feature map's place in an encoding, in values. */
interface Place {
  readonly name: string;
  readonly dims: readonly number[];
  readonly start: number;
  readonly end: number;
}

/** Size of one stored encoding: the embedding and every tap as half-precision numbers. */
export function encodingBytes(manifest: ModelManifest): number {
  return 2 * (placesOf(manifest).at(-1)?.end ?? 0);
}

/**
 * The model with an encoder that answers from `store` where it has seen an input before, and puts there what it has
 * not. All feature maps are computed and kept at once, whichever are asked for, as half-precision numbers; the answer
 * is made of these the first time too, so that it does not depend on the store's content. A stored encoding of another
 * size is made anew.
 */
export function cachedModel(model: Model, store: EncodingStore): Model {
  const { manifest } = model;
  const places = placesOf(manifest);
  const encoderName = manifest.files.encoder.sha256.slice(0, 16);
  const encoder: Session = {
    run: async (inputs, outputs = places.map(({ name }) => name)) => {
      const { data } = inputs[manifest.encoder.inputs.image];
      const key = `${encoderName}-${await sha256Hex(bytesOf(data))}`;
      const stored = await store.load(key);
      if (stored && 2 * stored.length === encodingBytes(manifest)) return partsOf(stored, places, outputs);
      const all = await model.encoder.run(
        inputs,
        places.map(({ name }) => name),
      );
      const halves = joinedHalves(all, places);
      await store.save(key, halves);
      return partsOf(halves, places, outputs);
    },
    release: () => model.encoder.release(),
  };
  return { ...model, encoder };
}

function placesOf({ encoder }: ModelManifest): Place[] {
  const { embedding, taps } = encoder.outputs;
  let end = 0;
  return [embedding, ...taps].map(({ name, channels, size }) => {
    const start = end;
    end += channels * size * size;
    return { name, dims: [1, channels, size, size], start, end };
  });
}

function joinedHalves(outputs: Record<string, NdArray>, places: readonly Place[]): Uint16Array {
  const halves = new Uint16Array(places.at(-1)?.end ?? 0);
  for (const { name, start } of places) encodeHalf(outputs[name].data, halves, start);
  return halves;
}

function partsOf(
  halves: Uint16Array,
  places: readonly Place[],
  wanted: readonly string[],
): Record<string, NdArray> {
  return Object.fromEntries(
    places
      .filter(({ name }) => wanted.includes(name))
      .map(({ name, dims, start, end }) => [name, { data: decodeHalf(halves.subarray(start, end)), dims }]),
  );
}
