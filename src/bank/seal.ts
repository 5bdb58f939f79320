// The checksums of a bank's or a checkpoint's file, in two texts of its metadata:
//
//   sha256          JSON, of each tensor: see blockwiseSha256Hex
//   metadataSha256  SHA-256 of the JSON list of all other metadata, [key, text] each, ascending by key
//
// Together they cover every number of a file. One that states neither is read without.

import type { MiasError } from "../errors.ts";
import type { ByteSource } from "../util/byte-source.ts";
import { bytesOf } from "../util/bytes-of.ts";
import { blockwiseSha256Hex, sha256Hex } from "../util/sha256.ts";
import { readTensor, type SafetensorsHeader, type Tensor, type TensorType } from "./safetensors.ts";

const TENSORS = "sha256";
const METADATA = "metadataSha256";

type Metadata = Readonly<Record<string, string>>;

/** The metadata with the checksums of the tensors and of themselves. */
export async function sealed(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Metadata,
): Promise<Record<string, string>> {
  const sums: Record<string, string> = {};
  for (const [name, tensor] of Object.entries(tensors)) sums[name] = await tensorSum(tensor);
  const all = { ...metadata, [TENSORS]: JSON.stringify(sums) };
  return { ...all, [METADATA]: await metadataSum(all) };
}

/** Whether the metadata are as they were sealed; true where they never were. */
export async function isMetadataIntact(metadata: Metadata): Promise<boolean> {
  return metadata[METADATA] === undefined || metadata[METADATA] === (await metadataSum(metadata));
}

/** Reads a tensor by its name, as the type it must have. */
export type ReadTensor = (name: string, type: TensorType) => Promise<Tensor>;

/**
 * A reader of tensors that checks them against their checksums.
 * @param refusal of a tensor that is not as it was sealed, by its name
 */
export function sealedReader(
  source: ByteSource,
  header: SafetensorsHeader,
  refusal: (name: string) => MiasError,
  signal?: AbortSignal,
): ReadTensor {
  return async (name, type) => {
    const tensor = await readTensor(source, header, name, type, signal);
    if (await isTensorIntact(header.metadata, name, tensor)) return tensor;
    throw refusal(name);
  };
}

/** Whether a tensor is as it was sealed; true where it never was. */
async function isTensorIntact(metadata: Metadata, name: string, tensor: Tensor): Promise<boolean> {
  if (metadata[TENSORS] === undefined) return true;
  return sumsOf(metadata[TENSORS])[name] === (await tensorSum(tensor));
}

function sumsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

function tensorSum({ data }: Tensor): Promise<string> {
  return blockwiseSha256Hex(bytesOf(data));
}

function metadataSum(metadata: Metadata): Promise<string> {
  const others = Object.keys(metadata)
    .filter((key) => key !== METADATA)
    .sort();
  return sha256Hex(new TextEncoder().encode(JSON.stringify(others.map((key) => [key, metadata[key]]))));
}
