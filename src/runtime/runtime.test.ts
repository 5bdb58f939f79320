import { describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { createNodeRuntime } from "../io/node-runtime.ts";
import { encodeGraph } from "./onnx-graph.ts";
import { createRuntime, type OrtModule } from "./runtime.ts";

/** x [1] -> more = x + x and less = x - x. */
const model = encodeGraph({
  nodes: [
    { op: "Add", inputs: ["x", "x"], outputs: ["more"] },
    { op: "Sub", inputs: ["x", "x"], outputs: ["less"] },
  ],
  constants: [],
  inputs: [{ name: "x", dims: [1] }],
  outputs: [
    { name: "more", dims: [1] },
    { name: "less", dims: [1] },
  ],
});

describe("in ONNX Runtime", () => {
  const runtime = createNodeRuntime({ threads: 1 });
  const x = { data: Float32Array.of(3), dims: [1] };

  test("gives all outputs, or those that are named", async () => {
    const session = await runtime.createSession("two outputs", model);
    const all = await session.run({ x });
    expect(all).toEqual({
      more: { data: Float32Array.of(6), dims: [1] },
      less: { data: Float32Array.of(0), dims: [1] },
    });
    expect(Object.keys(await session.run({ x }, ["less"]))).toEqual(["less"]);
    await session.release();
  });

  test.each([
    { what: "no bytes", bytes: new Uint8Array(0) },
    { what: "text", bytes: new TextEncoder().encode("not a model") },
    { what: "half a model", bytes: model.slice(0, model.length / 2) },
  ])("$what is no model", async ({ bytes }) => {
    const opening = runtime.createSession("folder/encoder.onnx", bytes);
    await expectMiasError(
      opening,
      "model-unreadable",
      "folder/encoder.onnx: ONNX Runtime cannot open this model",
    );
  });
});

test.each([Number.NaN, 0, -1, 1.5])("%d threads are refused, not blamed on the model", async (threads) => {
  const sentence = `threads must be a whole number of at least 1, got ${threads}; choose another number`;
  await expectMiasError(() => createNodeRuntime({ threads }), "usage", sentence);
});

describe("with a stand-in for ONNX Runtime", () => {
  /** Notes the options of every session that is opened. */
  function standIn(opened: unknown[]): OrtModule {
    const create = async (_model: Uint8Array, options: unknown) => {
      opened.push(options);
      return { outputNames: [], run: async () => ({}), release: async () => undefined };
    };
    return { InferenceSession: { create }, Tensor: class {} } as unknown as OrtModule;
  }

  const common = {
    graphOptimizationLevel: "all",
    enableMemPattern: false,
    extra: { session: { intra_op: { allow_spinning: "0" } } },
  };

  test("runs on the CPU with ONNX Runtime's own number of threads", async () => {
    const opened: unknown[] = [];
    await createRuntime(standIn(opened)).createSession("any", model);
    expect(opened).toEqual([{ ...common, executionProviders: ["cpu"], enableCpuMemArena: true }]);
  });

  test("or where and with how many it is told", async () => {
    const opened: unknown[] = [];
    const options = { executionProviders: ["webgpu", "wasm"], threads: 3 };
    await createRuntime(standIn(opened), options).createSession("any", model, { keepMemory: false });
    expect(opened).toEqual([
      {
        ...common,
        executionProviders: ["webgpu", "wasm"],
        intraOpNumThreads: 3,
        enableCpuMemArena: false,
      },
    ]);
  });
});
