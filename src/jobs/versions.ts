import { createRequire } from "node:module";
import { VERSION } from "../version.ts";

/** Versions of the parts that make the numbers, by name. */
export function versions(): Record<string, string> {
  const require = createRequire(import.meta.url);
  const installed = (name: string) => (require(`${name}/package.json`) as { version: string }).version;
  return {
    "mias-sam": VERSION,
    node: process.versions.node,
    "onnxruntime-node": installed("onnxruntime-node"),
    sharp: installed("sharp"),
  };
}
