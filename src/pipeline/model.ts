import { MiasError } from "../errors.ts";
import { embeddingText, type ModelManifest, parseManifest } from "../model/manifest.ts";
import type { FeatureNames } from "../options.ts";
import { imageFeature } from "../preprocess/image-features.ts";
import type { Runtime, Session } from "../runtime/runtime.ts";
import { sha256Hex } from "../util/sha256.ts";

/**
 * Channels and side of a feature map: one of the model's, or one that needs no model, which is as large as the first of
 * the model's among `wanted`.
 */
export function featureShape(
  manifest: ModelManifest,
  wanted: readonly string[],
  name: string,
): { readonly channels: number; readonly size: number } | undefined {
  const { embedding, taps } = manifest.encoder.outputs;
  const known = [embedding, ...taps];
  const own = imageFeature(name);
  if (own === undefined) return known.find((feature) => feature.name === name);
  const { size } = known.find((feature) => wanted.includes(feature.name)) ?? embedding;
  return { channels: own.channels, size };
}

/** The files of a model folder: `model.json` and what it names. */
export interface ModelFiles {
  /** What the user calls the model. */
  readonly name: string;
  read(file: string, signal?: AbortSignal): Promise<Uint8Array>;
}

/** A model that is ready to run. */
export interface Model {
  readonly manifest: ModelManifest;
  /** SHA-256 of what embeddings depend on, see embeddingText. */
  readonly sha256: string;
  readonly runtime: Runtime;
  readonly encoder: Session;
  readonly decoder: Session;
  readonly features: FeatureNames;
  release(): Promise<void>;
}

/**
 * Loads a model and checks its files against the manifest.
 * @throws MiasError `model-unreadable` when a file is absent, changed, or not a model the runtime can run
 */
export async function loadModel(runtime: Runtime, files: ModelFiles, signal?: AbortSignal): Promise<Model> {
  const manifest = parseManifest(
    files.name,
    new TextDecoder().decode(await files.read("model.json", signal)),
  );
  const encoder = await openPart(runtime, files, manifest.files.encoder, signal);
  const decoder = await openPart(runtime, files, manifest.files.decoder, signal);
  const { embedding, taps } = manifest.encoder.outputs;
  return {
    manifest,
    sha256: await sha256Hex(new TextEncoder().encode(embeddingText(manifest))),
    runtime,
    encoder,
    decoder,
    features: { embedding: embedding.name, taps: taps.map((tap) => tap.name) },
    release: async () => {
      await encoder.release();
      await decoder.release();
    },
  };
}

async function openPart(
  runtime: Runtime,
  files: ModelFiles,
  file: { readonly path: string; readonly sha256: string },
  signal: AbortSignal | undefined,
): Promise<Session> {
  const name = `${files.name}/${file.path}`;
  const bytes = await files.read(file.path, signal);
  const found = await sha256Hex(bytes);
  if (found !== file.sha256) {
    throw new MiasError(
      "model-unreadable",
      name,
      `${name}: sha256 must be ${file.sha256}, got ${found}; the file is damaged or of another version; fetch it again`,
    );
  }
  return runtime.createSession(name, bytes);
}
