// That no neighbour is missed is in search.test.ts; here is that the coarse scores save work.

import { expect, test } from "vitest";
import { evenRows, featureRows } from "../../test/support/made-descriptors.ts";
import { createNodeRuntime } from "../io/node-runtime.ts";
import {
  type CoarseBlock,
  coarseQueries,
  coarseScores,
  createCoarseBlock,
  GROUP_ROWS,
  leastScores,
} from "./coarse-search.ts";

const runtime = createNodeRuntime({ threads: 2 });

function squaredDistances(rows: Float32Array, query: Float32Array): number[] {
  const dims = query.length;
  return Array.from({ length: rows.length / dims }, (_, row) =>
    query.reduce((sum, value, d) => sum + (value - rows[row * dims + d]) ** 2, 0),
  );
}

function columnMeans(rows: Float32Array, dims: number): Float32Array {
  const means = new Float32Array(dims);
  for (let i = 0; i < rows.length; i++) means[i % dims] += (rows[i] * dims) / rows.length;
  return means;
}

test.each([
  { name: "features", make: featureRows },
  { name: "even values, all about equally far", make: evenRows },
])("$name: the nearest row's group passes, nine in ten do not", async ({ make }) => {
  const dims = 320;
  const rows = make(2048, dims, 1);
  const queries = make(32, dims, 2);
  const mean = columnMeans(rows, dims);
  const block = await createCoarseBlock(runtime, rows, mean, 0, 2048);
  const coarse = coarseQueries(queries, mean);
  const scores = await coarseScores(block, coarse);
  await block.session.release();
  expect(block.groups).toBe(2048 / GROUP_ROWS);
  let passed = 0;
  for (let q = 0; q < coarse.count; q++) {
    const distances = squaredDistances(rows, queries.subarray(q * dims, (q + 1) * dims));
    const nearest = distances.indexOf(Math.min(...distances));
    const least = leastScores(block, coarse, q, distances[nearest]);
    const passes = (group: number) => scores[q * block.groups + group] >= least(group);
    expect(passes(nearest % block.groups), `query ${q}`).toBe(true);
    for (let group = 0; group < block.groups; group++) passed += passes(group) ? 1 : 0;
  }
  expect(passed / (coarse.count * block.groups)).toBeLessThan(0.1);
});

test("a group's step is the largest of its rows", async () => {
  const rows = Float32Array.of(6.3, 1, 630, 1, 63, 1);
  const block = await createCoarseBlock(runtime, rows, new Float32Array(2), 0, 3);
  await block.session.release();
  expect([...block.groupSteps]).toEqual([10]);
});

test("the margin grows with the steps, the query and the distance", () => {
  const coarse = {
    data: new Float32Array(2),
    count: 2,
    dims: 1,
    squaredNorms: Float64Array.of(0, 9),
    step: 0.5,
  };
  const block = (groupSteps: Float64Array) => ({ groupSteps }) as CoarseBlock;
  // Exact -d^2 / 2 = -50; the query's error has the variance (10 * 0.5)^2 / 6, the row's next to none.
  const atMean = leastScores(block(Float64Array.of(0)), coarse, 0, 100)(0);
  expect(atMean).toBeCloseTo(-50 - 6 * Math.sqrt(25 / 6), 3);
  // Exact (9 - 4) / 2; a row of length 5 at most; its own error has the variance 2^2 (9 + 0.5^2 / 6) / 6.
  const beside = leastScores(block(Float64Array.of(0, 2)), coarse, 1, 4)(1);
  expect(beside).toBeCloseTo(2.5 - 6 * Math.sqrt(6.25 / 6 + (4 * (9 + 0.25 / 6)) / 6), 3);
});

test("scores are those of the rows, within a few steps of rounding", async () => {
  const rows = Float32Array.of(1, 0, 0, 1, -1, -1);
  const block = await createCoarseBlock(runtime, rows, new Float32Array(2), 0, 3);
  const scores = await coarseScores(block, coarseQueries(Float32Array.of(2, 0, -1, -2), new Float32Array(2)));
  await block.session.release();
  // All rows are in one group: q.r - |r|^2 / 2 is 1.5, -0.5, -3 for the first query and -1.5, -2.5, 2 for the second.
  expect(block.groups).toBe(1);
  expect(scores[0]).toBeCloseTo(1.5, 1);
  expect(scores[1]).toBeCloseTo(2, 1);
});
