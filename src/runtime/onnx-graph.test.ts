// The bytes are judged by ONNX Runtime itself.

import { expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { createNodeRuntime } from "../io/node-runtime.ts";
import { encodeGraph, type Graph } from "./onnx-graph.ts";

const runtime = createNodeRuntime({ threads: 1 });

function bytes(array: Float32Array | BigInt64Array | Int8Array): Uint8Array {
  return new Uint8Array(array.buffer);
}

/** x [n, 2] -> largest of each pair of neighbouring columns of x w [n, 2]. */
const graph: Graph = {
  nodes: [
    { op: "MatMul", inputs: ["x", "w"], outputs: ["product"] },
    { op: "Reshape", inputs: ["product", "shape"], outputs: ["pairs"] },
    { op: "ReduceMax", inputs: ["pairs"], outputs: ["y"], attributes: { axes: [2], keepdims: 0 } },
  ],
  constants: [
    { name: "w", type: "float32", dims: [2, 4], bytes: bytes(Float32Array.of(1, 2, 3, 4, 40, 30, 20, 10)) },
    { name: "shape", type: "int64", dims: [3], bytes: bytes(BigInt64Array.of(-1n, 2n, 2n)) },
  ],
  inputs: [{ name: "x", dims: ["n", 2] }],
  outputs: [{ name: "y", dims: ["n", 2] }],
};

test("a graph with constants, attributes and a free dimension runs", async () => {
  const session = await runtime.createSession("tiny", encodeGraph(graph));
  const one = await session.run({ x: { data: Float32Array.of(1, 0), dims: [1, 2] } });
  expect(one.y).toEqual({ data: Float32Array.of(2, 4), dims: [1, 2] });
  const three = await session.run({ x: { data: Float32Array.of(0, 1, 1, 0, -1, 0), dims: [3, 2] } });
  expect(three.y).toEqual({ data: Float32Array.of(40, 20, 2, 4, -1, -3), dims: [3, 2] });
  await session.release();
});

test("8-bit constants and operators of ONNX Runtime's own domain run, an optional input left out", async () => {
  const session = await runtime.createSession(
    "integers",
    encodeGraph({
      nodes: [
        { op: "DynamicQuantizeLinear", inputs: ["x"], outputs: ["codes", "step", "zero"] },
        {
          op: "MatMulIntegerToFloat",
          domain: "com.microsoft",
          inputs: ["codes", "w", "step", "steps", "zero", "", "bias"],
          outputs: ["y"],
        },
      ],
      constants: [
        { name: "w", type: "int8", dims: [2, 2], bytes: bytes(Int8Array.of(1, -1, 2, -2)) },
        { name: "steps", type: "float32", dims: [2], bytes: bytes(Float32Array.of(1, 10)) },
        { name: "bias", type: "float32", dims: [2], bytes: bytes(Float32Array.of(0.5, 0)) },
      ],
      inputs: [{ name: "x", dims: ["n", 2] }],
      outputs: [{ name: "y", dims: ["n", 2] }],
    }),
  );
  const { y } = await session.run({ x: { data: Float32Array.of(0, 255), dims: [1, 2] } });
  expect([...y.data]).toEqual([510.5, -5100]);
  await session.release();
});

test("a graph that makes no sense is refused", async () => {
  const nonsense = { ...graph, nodes: [{ op: "NoSuchOperator", inputs: ["x"], outputs: ["y"] }] };
  await expectMiasError(
    runtime.createSession("nonsense", encodeGraph(nonsense)),
    "model-unreadable",
    "nonsense",
  );
});
