// A fit in miniature: a model of a few values, made images, and where an unfinished fit is kept.

import { encodeBank } from "../../src/bank/bank-file.ts";
import { MiasError } from "../../src/errors.ts";
import { fitOptions } from "../../src/options.ts";
import type { CheckpointStore } from "../../src/pipeline/fit-checkpoint.ts";
import type { Bank, ImageSource } from "../../src/types.ts";
import { memorySource } from "../../src/util/byte-source.ts";
import { bytesOf } from "./bytes.ts";
import { normalSources } from "./made-images.ts";
import { tinyModel } from "./tiny-model.ts";

export const model = tinyModel();
/** 16 patches an image, 30 images: 480 patches, of which 100 are kept. */
const each = { taps: ["low", "high"], axes: "each-map" } as const;
export const options = fitOptions(model.features, { rows: 100, ...each });
export const images = normalSources(0, 30);
export const names = images.map(({ name }) => name);

/** The bytes of its file. */
export async function fileOf(bank: Bank): Promise<Uint8Array> {
  return bytesOf(await encodeBank(bank));
}

/** A store in memory that keeps the last checkpoint and counts. */
export function memoryStore(
  kept?: Uint8Array,
): CheckpointStore & { kept: Uint8Array | undefined; saved: number } {
  const store = {
    kept,
    saved: 0,
    load: async () => (store.kept ? memorySource("checkpoint", store.kept) : undefined),
    save: async (chunks: Iterable<Uint8Array>) => {
      store.kept = bytesOf(chunks);
      store.saved++;
    },
  };
  return store;
}

/** The sources, of which those at `broken` cannot be read. */
export function withBroken(sources: readonly ImageSource[], broken: readonly number[]): ImageSource[] {
  return sources.map((source, i) => ({
    name: source.name,
    read: (signal) => {
      const message = `${source.name} must be whole, it ends early; copy it again`;
      if (broken.includes(i)) throw new MiasError("image-unreadable", source.name, message);
      return source.read(signal);
    },
  }));
}
