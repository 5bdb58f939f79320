import { ORT_VERSION } from "../io/node-runtime.ts";
import { sharp } from "../io/sharp.ts";
import { VERSION } from "../version.ts";

/** Versions of the parts that make the numbers, by name. */
export function versions(): Record<string, string> {
  return {
    "mias-sam": VERSION,
    node: process.versions.node,
    "onnxruntime-node": ORT_VERSION,
    sharp: sharp.versions.sharp ?? "unknown",
  };
}
