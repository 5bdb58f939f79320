import { availableParallelism } from "node:os";
import "./no-telemetry.ts";
import ort from "onnxruntime-node";
import { isMiasError, MiasError } from "../errors.ts";
import { createRuntime, type Runtime } from "../runtime/runtime.ts";

export interface NodeRuntimeOptions {
  /** @default "cpu" */
  readonly device?: Device;
  /** Threads within an operator; more than the cores would only wait for one another. @default the number of cores */
  readonly threads?: number;
}

/** Where inference runs; `auto` is the CPU, on which results are the same everywhere. */
export const DEVICES = ["auto", "cpu", "cuda", "webgpu", "dml", "coreml"] as const;
export type Device = (typeof DEVICES)[number];

// What fails is thrown as well, and told in one sentence of ours. Read when the first session is made.
ort.env.logLevel = "fatal";

/** Version of the ONNX Runtime package. */
export const ORT_VERSION = ort.env.versions.node ?? ort.env.versions.common;

/** ONNX Runtime in this process. Its sessions throw MiasError `usage` where the device does not work here. */
export function createNodeRuntime({ device = "auto", threads }: NodeRuntimeOptions = {}): Runtime {
  const provider = device === "auto" ? "cpu" : device;
  const runtime = createRuntime(ort, {
    executionProviders: [provider],
    ...(threads === undefined ? {} : { threads: Math.min(threads, availableParallelism()) }),
  });
  if (provider === "cpu") return runtime;
  return {
    createSession: (name, model) => runtime.createSession(name, model).catch(deviceFails(provider)),
  };
}

/** A model that another device runs is sound, so it is the device that fails. */
function deviceFails(device: Device): (error: unknown) => never {
  return (error) => {
    if (!isMiasError(error, "model-unreadable")) throw error;
    const reason = String(error.cause instanceof Error ? error.cause.message : error.cause).split("\n", 1)[0];
    const message = `device must be one that works on this machine, got ${device} (${reason}); use --device cpu`;
    throw new MiasError("usage", "device", message, { cause: error });
  };
}
