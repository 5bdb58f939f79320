// The one file that knows ONNX Runtime. Node hands in `onnxruntime-node`, a browser `onnxruntime-web`; the rest of
// the system sees sessions that map named arrays to named arrays.

import type {
  InferenceSession,
  InferenceSessionFactory,
  TensorConstructor,
  TypedTensor,
} from "onnxruntime-common";
import { MiasError } from "../errors.ts";

/** The part of an ONNX Runtime package that is used. */
export interface OrtModule {
  readonly InferenceSession: InferenceSessionFactory;
  readonly Tensor: TensorConstructor;
}

export interface RuntimeOptions {
  /** In order of preference, e.g. ["webgpu", "wasm"]. @default ["cpu"] */
  readonly executionProviders?: readonly string[];
  /** Threads within an operator. @default ONNX Runtime's own choice */
  readonly threads?: number;
}

/** A float32 array with its shape. */
export interface NdArray {
  readonly data: Float32Array;
  readonly dims: readonly number[];
}

export interface Session {
  /** Runs the model; the outputs are the ones named, or all. */
  run(
    inputs: Readonly<Record<string, NdArray>>,
    outputs?: readonly string[],
  ): Promise<Record<string, NdArray>>;
  release(): Promise<void>;
}

export interface SessionSettings {
  /** Whether memory is kept between runs: faster, at the price of the largest run's memory. @default true */
  readonly keepMemory?: boolean;
}

export interface Runtime {
  /** @throws MiasError `model-unreadable` when the bytes are not a model this runtime can run. */
  createSession(name: string, model: Uint8Array, settings?: SessionSettings): Promise<Session>;
}

/**
 * Wraps an ONNX Runtime package.
 * @throws MiasError `usage` for a number of threads that is none
 */
export function createRuntime(ort: OrtModule, options: RuntimeOptions = {}): Runtime {
  requireThreads(options.threads);
  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders: [...(options.executionProviders ?? ["cpu"])],
    graphOptimizationLevel: "all",
    // A pattern is learned in the first run and laid out anew for the second: twice the memory for no time.
    enableMemPattern: false,
    // Sessions take turns: threads that wait busily for one's next run would take the cores from the others.
    extra: { session: { intra_op: { allow_spinning: "0" } } },
    ...(options.threads === undefined ? {} : { intraOpNumThreads: options.threads }),
  };
  return {
    createSession: async (name, model, { keepMemory = true } = {}) => {
      const session = await openSession(ort, name, model, {
        ...sessionOptions,
        enableCpuMemArena: keepMemory,
      });
      return {
        run: (inputs, outputs) => runSession(ort, session, inputs, outputs ?? session.outputNames),
        release: () => session.release(),
      };
    },
  };
}

function requireThreads(threads: number | undefined): void {
  if (threads === undefined || (Number.isInteger(threads) && threads >= 1)) return;
  const rule = "threads must be a whole number of at least 1";
  throw new MiasError("usage", "threads", `${rule}, got ${threads}; choose another number`);
}

async function openSession(
  ort: OrtModule,
  name: string,
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, options);
  } catch (cause) {
    throw new MiasError(
      "model-unreadable",
      name,
      `${name}: ONNX Runtime cannot open this model (${firstLine(cause)}); check that the file is complete`,
      { cause },
    );
  }
}

function firstLine(cause: unknown): string {
  return String(cause instanceof Error ? cause.message : cause).split("\n", 1)[0];
}

async function runSession(
  ort: OrtModule,
  session: InferenceSession,
  inputs: Readonly<Record<string, NdArray>>,
  outputs: readonly string[],
): Promise<Record<string, NdArray>> {
  const feeds: Record<string, TypedTensor<"float32">> = {};
  for (const [name, array] of Object.entries(inputs)) {
    feeds[name] = new ort.Tensor("float32", array.data, [...array.dims]);
  }
  const results = await session.run(feeds, [...outputs]);
  const arrays: Record<string, NdArray> = {};
  for (const name of outputs) {
    const tensor = results[name];
    arrays[name] = { data: (await tensor.getData()) as Float32Array, dims: tensor.dims };
  }
  return arrays;
}
