// The checksums of a bank's or a checkpoint's file, in two texts of its metadata:
//
//   sha256          JSON, of each tensor: see blockwiseSha256Hex
//   metadataSha256  SHA-256 of the JSON list of all other metadata, [key, text] each, ascending by key
//
// Together they cover every number of a file. One that states neither is read without.

import { bytesOf } from "../util/bytes-of.ts";
import { blockwiseSha256Hex, sha256Hex } from "../util/sha256.ts";
import type { Tensor } from "./safetensors.ts";

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

/** Whether a tensor is as it was sealed; true where it never was. */
export async function isTensorIntact(metadata: Metadata, name: string, tensor: Tensor): Promise<boolean> {
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
