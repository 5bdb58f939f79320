import ort from "onnxruntime-node";
import { createRuntime, type Runtime } from "../runtime/runtime.ts";

export interface NodeRuntimeOptions {
  /** @default "cpu" */
  readonly device?: Device;
  /** Threads within an operator. @default the number of cores */
  readonly threads?: number;
}

/** Where inference runs; `auto` takes the first that this machine and this build of ONNX Runtime have. */
export const DEVICES = ["auto", "cpu", "cuda", "webgpu", "dml", "coreml"] as const;
export type Device = (typeof DEVICES)[number];

/** ONNX Runtime in this process. */
export function createNodeRuntime({ device = "auto", threads }: NodeRuntimeOptions = {}): Runtime {
  return createRuntime(ort, {
    executionProviders: [device === "auto" ? "cpu" : device],
    ...(threads === undefined ? {} : { threads }),
  });
}
