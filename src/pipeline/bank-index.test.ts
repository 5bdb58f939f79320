import { describe, expect, test } from "vitest";
import { smallBank } from "../../test/support/small-bank.ts";
import { createNodeRuntime } from "../io/node-runtime.ts";
import type { Bank, PatchGrid } from "../types.ts";
import { encodeHalf } from "../util/float16.ts";
import { createBankIndex } from "./bank-index.ts";

const runtime = createNodeRuntime({ threads: 1 });

function halves(...values: number[]): Uint16Array {
  const bits = new Uint16Array(values.length);
  encodeHalf(Float32Array.from(values), bits, 0);
  return bits;
}

/** Two learned rows and a held-out one; the layers lie apart so that mixing them up would show. */
function bank(changes: Partial<Bank> = {}): Bank {
  const layers = [
    { tap: "tap2", dims: 2, data: halves(0, 0, 10, 0, 0, 10) },
    { tap: "tap3", dims: 1, data: halves(100, 200, 300) },
  ];
  return { ...smallBank(), layers, ...changes };
}

function grids(first: number[], second: number[]): PatchGrid[] {
  return [
    { rows: 1, columns: first.length / 2, dims: 2, data: Float32Array.from(first) },
    { rows: 1, columns: second.length, dims: 1, data: Float32Array.from(second) },
  ];
}

async function distances(of: Bank, patches: PatchGrid[]) {
  const index = await createBankIndex(runtime, of);
  try {
    const { all, learned } = await index.distances(patches);
    return { all: all.map((layer) => [...layer]), learned: learned.map((layer) => [...layer]) };
  } finally {
    await index.release();
  }
}

describe("distances to a bank", () => {
  const patches = grids([0, 9, 9, 0], [101, 297]);

  test("layer by layer, to all rows and to the learned ones alone", async () => {
    expect(await distances(bank(), patches)).toEqual({
      all: [
        [1, 1],
        [1, 9],
      ],
      learned: [
        [81, 1],
        [1, 97 ** 2],
      ],
    });
  });

  test("or without the square, where the bank is of that kind", async () => {
    const { options } = smallBank();
    const found = await distances(bank({ options: { ...options, distance: "l2" } }), patches);
    expect(found.learned).toEqual([
      [9, 1],
      [1, 97],
    ]);
  });

  test("a bank without held-out rows has one kind of distance", async () => {
    const { all, learned } = await distances(bank({ learnedRows: 3 }), patches);
    expect(all).toEqual(learned);
    expect(all).toEqual([
      [1, 1],
      [1, 9],
    ]);
  });
});
