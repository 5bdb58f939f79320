// The search against a comparison of every query with every row in float64, on data of many kinds.

import { describe, expect, test } from "vitest";
import {
  clusteredRows,
  evenRows,
  featureRows,
  flatRows,
  madeRows,
  outlierRows,
} from "../../test/support/made-descriptors.ts";
import { createNodeRuntime } from "../io/node-runtime.ts";
import { decodeHalf, encodeHalf } from "../util/float16.ts";
import { createNearestSearch, type Neighbours } from "./search.ts";

const runtime = createNodeRuntime({ threads: 2 });

/** The only error left is that of the float32 result. */
const TOLERANCE = 1e-6;

function halves(values: Float32Array): Uint16Array {
  const bits = new Uint16Array(values.length);
  encodeHalf(values, bits, 0);
  return bits;
}

async function search(bank: Uint16Array, dims: number, queries: Float32Array): Promise<Neighbours> {
  const index = await createNearestSearch(runtime, decodeHalf(bank), dims);
  try {
    return await index.nearest(queries);
  } finally {
    await index.release();
  }
}

function squaredDistance(a: Float32Array, atA: number, b: Float32Array, atB: number, dims: number): number {
  let sum = 0;
  for (let d = 0; d < dims; d++) sum += (a[atA + d] - b[atB + d]) ** 2;
  return sum;
}

/** Squared distance of each query to its nearest row, in float64. */
function bruteForce(rows: Float32Array, dims: number, queries: Float32Array): Float64Array {
  return Float64Array.from({ length: queries.length / dims }, (_, q) => {
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < rows.length; at += dims) {
      least = Math.min(least, squaredDistance(queries, q * dims, rows, at, dims));
    }
    return least;
  });
}

/** Largest relative difference; a zero must be met exactly. */
function worstDifference(actual: ArrayLike<number>, expected: Float64Array): number {
  return expected.reduce((worst, value, i) => {
    const difference = Math.abs(actual[i] - value);
    return Math.max(worst, difference === 0 ? 0 : difference / value);
  }, 0);
}

async function expectExact(original: Float32Array, dims: number, queries: Float32Array): Promise<void> {
  const bank = halves(original);
  const rows = decodeHalf(bank);
  const found = await search(bank, dims, queries);
  const expected = bruteForce(rows, dims, queries);
  expect(found.distances).toHaveLength(expected.length);
  expect(worstDifference(found.distances, expected)).toBeLessThanOrEqual(TOLERANCE);
  const ofRows = Float64Array.from(found.rows, (row, q) =>
    squaredDistance(queries, q * dims, rows, row * dims, dims),
  );
  expect(worstDifference(ofRows, expected)).toBe(0);
}

describe("distances are those of an exact search", () => {
  const sizes = [
    { rows: 1, dims: 1, queries: 5 },
    { rows: 1, dims: 320, queries: 5 },
    { rows: 17, dims: 3, queries: 40 },
    { rows: 17, dims: 1024, queries: 10 },
    { rows: 8193, dims: 1, queries: 100 },
    { rows: 8193, dims: 3, queries: 100 },
    { rows: 8193, dims: 320, queries: 24 },
    { rows: 8193, dims: 1024, queries: 8 },
  ];
  test.each(sizes)("$queries queries, $rows rows of $dims values", async ({ rows, dims, queries }) => {
    await expectExact(evenRows(rows, dims, 1), dims, evenRows(queries, dims, 2));
  });

  type Make = (rows: number, dims: number, seed: number) => Float32Array;
  const kinds: { name: string; make: Make; ask?: Make }[] = [
    { name: "tight clusters", make: (r, d, s) => clusteredRows(r, d, s, 8, 0.01) },
    { name: "loose clusters", make: (r, d, s) => clusteredRows(r, d, s, 100, 0.3) },
    { name: "every row of a few many times", make: (r, d, s) => clusteredRows(r, d, s, 8, 0) },
    { name: "one row in 200 far out", make: (r, d, s) => outlierRows(r, d, s, 200, 100), ask: evenRows },
    {
      name: "one row in 200 far out, all queries too",
      make: (r, d, s) => outlierRows(r, d, s, 200, 100),
      ask: (r, d, s) => outlierRows(r, d, s, 1, 100),
    },
    {
      name: "one query that is a thousand times too large",
      make: evenRows,
      ask: (r, d, s) => evenRows(r, d, s).map((value, i) => (i < d ? 1000 * value : value)),
    },
    { name: "flat rows, whose rounding errors add up", make: flatRows },
    {
      name: "flat rows with one larger value",
      make: (r, d, s) =>
        madeRows(r, d, s, (random, values) => {
          values.fill(random.uniform());
          values[0] = 3 + random.uniform();
        }),
    },
    {
      name: "values of 0 and 1",
      make: (r, d, s) =>
        madeRows(r, d, s, (random, values) => {
          for (let i = 0; i < d; i++) values[i] = random.integer(2);
        }),
    },
    { name: "features: correlated values with large means", make: featureRows },
    { name: "constant queries", make: evenRows, ask: (r, d) => new Float32Array(r * d).fill(0.25) },
    { name: "constant rows", make: (r, d) => new Float32Array(r * d).fill(0.25), ask: evenRows },
    { name: "nothing but zeros", make: (r, d) => new Float32Array(r * d) },
    {
      name: "queries that are rows",
      make: featureRows,
      ask: (r, d) => decodeHalf(halves(featureRows(r, d, 1))),
    },
    {
      name: "queries next to rows",
      make: evenRows,
      ask: (r, d) => evenRows(r, d, 1).map((value, i) => value + 0.002 * (i % 3)),
    },
  ];
  describe.each([3, 64, 320, 1024])("of %d values", (dims) => {
    test.each(kinds)("$name", async ({ make, ask = make }) => {
      await expectExact(make(2000, dims, 1), dims, ask(dims > 100 ? 24 : 60, dims, 2));
    });
  });
});

describe("rows", () => {
  test("the first of equals is named, across groups and blocks", async () => {
    const dims = 4;
    const bank = new Float32Array(9000 * dims).fill(5);
    for (const row of [8500, 77, 4000]) bank.fill(1, row * dims, (row + 1) * dims);
    const { distances, rows } = await search(halves(bank), dims, Float32Array.of(1, 1, 1, 2, 5, 5, 5, 5));
    expect([...distances]).toEqual([1, 0]);
    expect([...rows]).toEqual([77, 0]);
  });

  test("one of 8,193 that is nearest is found, wherever it lies", async () => {
    const dims = 8;
    const bank = new Float32Array(8193 * dims);
    const places = [0, 1, 15, 16, 511, 512, 8191, 8192];
    for (const [i, row] of places.entries()) bank[row * dims + i] = 10;
    const queries = Float32Array.from({ length: dims * dims }, (_, i) => (i % (dims + 1) === 0 ? 9 : 0));
    const { distances, rows } = await search(halves(bank), dims, queries);
    expect([...rows]).toEqual(places);
    expect([...distances]).toEqual(new Array(dims).fill(1));
  });

  test("a query gets the same answer alone as among others", async () => {
    const bank = halves(featureRows(500, 64, 1));
    const queries = featureRows(20, 64, 2);
    const together = await search(bank, 64, queries);
    const alone = await search(bank, 64, queries.subarray(7 * 64, 8 * 64));
    expect(alone.distances[0]).toBe(together.distances[7]);
    expect(alone.rows[0]).toBe(together.rows[7]);
  });
});

test("no queries give no answers", async () => {
  const { distances, rows } = await search(halves(evenRows(17, 3, 1)), 3, new Float32Array(0));
  expect([distances.length, rows.length]).toEqual([0, 0]);
});

describe("half precision of the bank", () => {
  test.each([320, 1024])("moves distances to features of %d values by less than 1e-3", async (dims) => {
    const original = featureRows(4000, dims, 1);
    const queries = featureRows(60, dims, 2);
    const { distances } = await search(halves(original), dims, queries);
    const worst = worstDifference(distances, bruteForce(original, dims, queries));
    expect(worst).toBeGreaterThan(0);
    expect(worst).toBeLessThan(1e-3);
  });
});

test("the nearest row of all sections but one", async () => {
  const dims = 3;
  const rows = Float32Array.of(0, 0, 0, 4, 0, 0, 9, 0, 0, 10, 0, 0);
  const queries = Float32Array.of(10, 0, 0, 3, 0, 0);
  const search = await createNearestSearch(runtime, rows, dims, [1, 2, 0, 1]);
  const found = [];
  for (const except of [undefined, 0, 1, 2, 3]) found.push(await search.nearest(queries, except));
  await search.release();
  expect(found.map(({ distances }) => [...distances])).toEqual([
    [0, 1],
    [0, 1],
    [0, 9],
    [0, 1],
    [1, 1],
  ]);
  expect(found.map((neighbours) => [...neighbours.rows])).toEqual([
    [3, 1],
    [3, 1],
    [3, 0],
    [3, 1],
    [2, 1],
  ]);
});

test("without its only section nothing is near", async () => {
  const search = await createNearestSearch(runtime, Float32Array.of(1, 2), 2);
  const { distances } = await search.nearest(Float32Array.of(1, 2), 0);
  await search.release();
  expect([...distances]).toEqual([Number.POSITIVE_INFINITY]);
});
