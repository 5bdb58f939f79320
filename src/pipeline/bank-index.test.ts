import { describe, expect, test } from "vitest";
import { smallBank } from "../../test/support/small-bank.ts";
import { createNodeRuntime } from "../io/node-runtime.ts";
import type { Bank, PatchGrid } from "../types.ts";
import { halves } from "../util/float16.ts";
import { createBankIndex } from "./bank-index.ts";

const runtime = createNodeRuntime({ threads: 1 });

/** Two rows of fold 0 around one of fold 1; the layers lie apart so that mixing them up would show. */
function bank(changes: Partial<Bank> = {}): Bank {
  const layers = [
    { tap: "tap2", dims: 2, data: halves(Float32Array.of(0, 0, 10, 0, 0, 10)) },
    { tap: "tap3", dims: 1, data: halves(Float32Array.of(100, 200, 300)) },
  ];
  return { ...smallBank(), layers, ...changes };
}

function grids(first: number[], second: number[]): PatchGrid[] {
  return [
    { rows: 1, columns: first.length / 2, dims: 2, data: Float32Array.from(first) },
    { rows: 1, columns: second.length, dims: 1, data: Float32Array.from(second) },
  ];
}

const patches = grids([0, 9, 9, 0], [101, 297]);

async function measure(of: Bank, except?: number) {
  const index = await createBankIndex(runtime, of, except === undefined ? undefined : of.fold);
  try {
    const { searches, signature } = await index.distances(patches, except === undefined ? {} : { except });
    return { searches: searches.map((search) => [...search]), signature: [...signature] };
  } finally {
    await index.release();
  }
}

describe("distances to a bank", () => {
  test("layer by layer, to the nearest of all rows", async () => {
    const { searches } = await measure(bank());
    expect(searches).toEqual([
      [1, 1],
      [1, 9],
    ]);
  });

  test("or to the nearest of other folds", async () => {
    const { searches } = await measure(bank(), 0);
    expect(searches).toEqual([
      [181, 1],
      [99 ** 2, 97 ** 2],
    ]);
    expect((await measure(bank(), 1)).searches).toEqual([
      [1, 81],
      [1, 9],
    ]);
  });

  test("or without the square, where the bank is of that kind", async () => {
    const { options } = smallBank();
    const { searches } = await measure(bank({ options: { ...options, distance: "l2" } }), 1);
    expect(searches).toEqual([
      [1, 9],
      [1, 3],
    ]);
  });

  test("the signature is the mean patch embedding, layer after layer", async () => {
    expect((await measure(bank())).signature).toEqual([4.5, 4.5, 199]);
  });
});
