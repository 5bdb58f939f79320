// That no neighbour is missed is in search.test.ts; here is that the coarse scores save work.

import { expect, test } from "vitest";
import { evenRows, featureRows } from "../../test/support/made-descriptors.ts";
import { createNodeRuntime } from "../io/node-runtime.ts";
import { coarseQueries, coarseScores, createCoarseIndex, GROUP_ROWS, leastScore } from "./coarse-search.ts";
import { columnMeans } from "./column-means.ts";
import { createRotation } from "./rotation.ts";

const runtime = createNodeRuntime({ threads: 2 });

function squaredDistances(rows: Float32Array, query: Float32Array): number[] {
  const dims = query.length;
  return Array.from({ length: rows.length / dims }, (_, row) =>
    query.reduce((sum, value, d) => sum + (value - rows[row * dims + d]) ** 2, 0),
  );
}

test.each([
  { name: "features", make: featureRows },
  { name: "even values, all about equally far", make: evenRows },
])("$name: the nearest row's group passes, nine in ten do not", async ({ make }) => {
  const dims = 320;
  const made = make(2048, dims, 1);
  const rotation = await createRotation(runtime, columnMeans(made, dims));
  const rows = await rotation.apply(made);
  const queries = await rotation.apply(make(32, dims, 2));
  const index = await createCoarseIndex(runtime, [rows], dims, 0);
  const coarse = coarseQueries(queries, dims);
  const [scores] = await coarseScores(index, coarse);
  const [block] = index.blocks;
  await index.session.release();
  await rotation.release();
  expect(block.groups).toBe(2048 / GROUP_ROWS);
  let passed = 0;
  for (let q = 0; q < coarse.count; q++) {
    const distances = squaredDistances(rows, queries.subarray(q * dims, (q + 1) * dims));
    const nearest = distances.indexOf(Math.min(...distances));
    const passes = (group: number) =>
      scores.groups[q * block.groups + group] >=
      leastScore(coarse, q, distances[nearest], block.groupSteps[group]);
    expect(passes(nearest % block.groups), `query ${q}`).toBe(true);
    const own = scores.groups.subarray(q * block.groups, (q + 1) * block.groups);
    expect(scores.top[q]).toBe(Math.max(...own));
    for (let group = 0; group < block.groups; group++) passed += passes(group) ? 1 : 0;
  }
  expect(passed / (coarse.count * block.groups)).toBeLessThan(0.1);
});

test("a group's step is the largest of its rows", async () => {
  const rows = Float32Array.of(6.3, 1, 630, 1, 63, 1);
  const { session, blocks } = await createCoarseIndex(runtime, [rows], 2, 0);
  await session.release();
  expect([...blocks[0].groupSteps]).toEqual([10]);
});

test("the margin grows with the steps, the query and the distance", () => {
  const coarse = {
    data: new Float32Array(2),
    count: 2,
    dims: 1,
    squaredNorms: Float64Array.of(0, 9),
    step: 0.5,
  };
  // Exact -d^2 / 2 = -50; the query's error has the variance (10 * 0.5)^2 / 12, the row's next to none.
  expect(leastScore(coarse, 0, 100, 0)).toBeCloseTo(-50 - 6 * Math.sqrt(25 / 12), 2);
  // Exact (9 - 4) / 2; a row of length 5 at most; its own error has the variance 2^2 (9 + 0.5^2 / 12) / 12.
  const beside = 2.5 - 6 * Math.sqrt(6.25 / 12 + (4 * (9 + 0.25 / 12)) / 12);
  expect(leastScore(coarse, 1, 4, 2)).toBeCloseTo(beside, 3);
});

test("scores are those of the rows, within a few steps of rounding", async () => {
  const rows = Float32Array.of(1, 0, 0, 1, -1, -1);
  const index = await createCoarseIndex(runtime, [rows.subarray(0, 2), rows.subarray(2)], 2, 7);
  const [one, rest] = await coarseScores(index, coarseQueries(Float32Array.of(2, 0, -1, -2), 2));
  await index.session.release();
  // q.r - |r|^2 / 2 is 1.5, -0.5 and -3 for the first query, -1.5, -2.5 and 2 for the second; a block is one group.
  expect(index.blocks.map(({ start, groups }) => [start, groups])).toEqual([
    [7, 1],
    [8, 1],
  ]);
  expect([...one.groups]).toEqual([expect.closeTo(1.5, 1), expect.closeTo(-1.5, 1)]);
  expect([...rest.groups]).toEqual([expect.closeTo(-0.5, 1), expect.closeTo(2, 1)]);
});
