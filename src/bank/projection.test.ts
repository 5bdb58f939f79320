import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createNodeRuntime } from "../io/node-runtime.ts";
import { encodeHalf } from "../util/float16.ts";
import { createProjector, learnProjection } from "./projection.ts";

const runtime = createNodeRuntime({ threads: 2 });

function layer(values: readonly number[], dims: number) {
  const data = new Uint16Array(values.length);
  encodeHalf(Float32Array.from(values), data, 0);
  return { tap: `of ${dims}`, dims, data };
}

async function projected(layers: ReturnType<typeof layer>[], axes: number, queries: readonly number[][]) {
  const projection = await learnProjection(runtime, layers, axes);
  const dims = layers.map((one) => one.dims);
  const projector = await createProjector(runtime, projection, dims);
  try {
    return await projector.apply(queries.map((values) => Float32Array.from(values)));
  } finally {
    await projector.release();
  }
}

function squaredDistance(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0);
}

test("distances in the axes and across them are scikit-learn's (scripts/golden_projection.py)", async () => {
  const path = new URL("../../test/golden/projection.json", import.meta.url);
  const golden = JSON.parse(readFileSync(path, "utf8"));
  const layers = golden.rows.map((values: number[], l: number) => layer(values, golden.dims[l]));
  const both = golden.rows.map((values: number[], l: number) => [...golden.queries[l], ...values]);
  const { rows, across } = await projected(layers, golden.axes, both);
  const at = (i: number) => rows.subarray(i * golden.axes, (i + 1) * golden.axes);
  const queries = golden.across.length;
  const count = golden.squaredDistances.length / queries;
  for (let q = 0; q < queries; q++) {
    expect(across[q]).toBeCloseTo(golden.across[q], 4);
    for (let r = 0; r < count; r++) {
      expect(squaredDistance(at(q), at(queries + r))).toBeCloseTo(golden.squaredDistances[q * count + r], 3);
    }
  }
});

test("every layer counts the same, whatever its unit", async () => {
  const small = [0, 1, 0, 1];
  const large = [0, 0, 1000, 1000];
  const { rows } = await projected([layer(small, 1), layer(large, 1)], 2, [small, large]);
  const [a, b, c] = [0, 1, 2].map((i) => rows.subarray(2 * i, 2 * i + 2));
  expect(squaredDistance(a, b)).toBeCloseTo(4, 4);
  expect(squaredDistance(a, c)).toBeCloseTo(4, 4);
});

test("or as much as its weight says", async () => {
  const layers = [layer([0, 1, 0, 1], 1), layer([0, 0, 1000, 1000], 1)];
  const { scale } = await learnProjection(runtime, layers, 2, [1, 0.5]);
  expect(scale[0]).toBeCloseTo(2, 5);
  expect(scale[1]).toBeCloseTo(0.001, 8);
});

test("what a query has in a direction that the rows do not know lies across", async () => {
  const line = [1, 0, 2, 0, 3, 0, 4, 0];
  const { rows, across } = await projected([layer(line, 2)], 1, [[2.5, 0, 2.5, 3]]);
  expect(squaredDistance(rows.subarray(0, 1), rows.subarray(1, 2))).toBeCloseTo(0, 6);
  expect(across[0]).toBeCloseTo(0, 6);
  expect(across[1]).toBeCloseTo(9 / 1.25, 4);
});

test("more axes than values are not made, and a constant layer has no say", async () => {
  const { rows, across } = await projected([layer([5, 5, 5], 1), layer([1, 2, 3], 1)], 9, [[7], [2]]);
  expect(rows).toHaveLength(2);
  expect(rows.every((value) => Math.abs(value) < 1e-6)).toBe(true);
  expect(across[0]).toBe(0);
});

test("the same rows give the same axes", async () => {
  const layers = [layer([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8], 3)];
  const [first, second] = [
    await learnProjection(runtime, layers, 2),
    await learnProjection(runtime, layers, 2),
  ];
  expect(first).toEqual(second);
});
