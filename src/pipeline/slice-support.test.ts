import { describe, expect, test } from "vitest";
import { type MaskPatch, patchOf } from "../mask/mask-patch.ts";
import type { ScalarMap } from "../types.ts";
import type { SlicePlan } from "../volume-types.ts";
import { createSupport, type SupportCall } from "./slice-support.ts";

const SIDE = 8;
const plan: SlicePlan = {
  ...{ axis: "acquisition", columns: 0, rows: 1, slices: 2 },
  ...{ flipColumns: false, flipRows: false, flipSlices: false },
  ...{ width: SIDE, height: SIDE, count: 3, spacing: [1, 1, 1], unit: "mm" },
};
/** Nine held-out images: the least p-value is 0.1, and 0.2 is reached above the second largest. */
const normalMaxima = [1, 2, 3, 4, 5, 6, 7, 8, 9];
const here = square(1, 1, 4);
const elsewhere = square(5, 5, 2);

/** A square of `side` pixels, its first one at (x, y). */
function square(x: number, y: number, side: number): MaskPatch {
  const inside = (i: number, from: number) => i >= from && i < from + side;
  const data = Uint8Array.from({ length: SIDE * SIDE }, (_, i) =>
    inside(i % SIDE, x) && inside(Math.floor(i / SIDE), y) ? 1 : 0,
  );
  return patchOf({ width: SIDE, height: SIDE, data }) as MaskPatch;
}

/** `value` in a square, 0 around it. */
function mapWith(value: number): ScalarMap {
  const data = new Float32Array(SIDE * SIDE);
  for (let y = 1; y < 5; y++) data.fill(value, y * SIDE + 1, y * SIDE + 5);
  return { width: SIDE, height: SIDE, data };
}

function support({
  solid = 0,
  alone = 0,
  ...changes
}: Partial<SupportCall> & { solid?: number; alone?: number }) {
  const maps = { solid: () => mapWith(solid), alone: () => mapWith(alone) };
  return createSupport({ plan, maps, isSeen: () => true, normalMaxima, ...changes });
}

/** How many masks are left in each slice. */
function left(call: Parameters<typeof support>[0], ...slices: MaskPatch[][]): number[] {
  const parts = slices.map((patches) => patches.map((patch) => ({ patch })));
  return support(call)
    .supported(parts)
    .map((kept) => kept.length);
}

describe("a mask stays", () => {
  test("where a neighbour's overlaps it, both of them", () => {
    expect(left({}, [here], [here], [])).toEqual([1, 1, 0]);
  });

  test("not where the neighbour's lies elsewhere, or is two slices away", () => {
    expect(left({}, [here], [elsewhere], [])).toEqual([0, 0, 0]);
    expect(left({}, [here], [], [here])).toEqual([0, 0, 0]);
  });

  test("where it is more deviant than anything in normal images", () => {
    expect(left({ alone: 9.5 }, [here], [], [])).toEqual([1, 0, 0]);
    expect(left({ alone: 8.5 }, [here], [], [])).toEqual([0, 0, 0]);
  });

  test("where no neighbour was seen", () => {
    expect(left({ isSeen: (index) => index === 1 }, [], [here], [])).toEqual([0, 1, 0]);
    expect(left({ plan: { ...plan, count: 1 } }, [here])).toEqual([1]);
  });

  test("where slices are farther apart than its radius", () => {
    // 16 pixels are a disc of radius 2.26.
    const apart = (spacing: number) => ({ ...plan, spacing: [1, 1, spacing] as const });
    expect(left({ plan: apart(2.2) }, [here], [], [])).toEqual([0, 0, 0]);
    expect(left({ plan: apart(2.3) }, [here], [], [])).toEqual([1, 0, 0]);
  });
});

describe("a mask goes on", () => {
  test("where its slice's own map reaches the level of a further lesion", () => {
    expect(support({ alone: 8.5 }).goesOn(1, here)).toBe(true);
    expect(support({ alone: 7.5, solid: 20 }).goesOn(1, here)).toBe(false);
  });

  test("not where it stands out less than its surroundings", () => {
    expect(support({ alone: 20 }).goesOn(1, square(0, 0, 8))).toBe(true);
    const hollow = mapWith(-1).data.map((value) => value + 20);
    const maps = { solid: () => mapWith(0), alone: () => ({ width: SIDE, height: SIDE, data: hollow }) };
    expect(support({ maps }).goesOn(1, here)).toBe(false);
  });
});

describe("a peak's mask is borne out", () => {
  test("by the map in 3-D, or by its own strength", () => {
    expect(support({ solid: 8.5 }).isBorneOut(1, here)).toBe(true);
    expect(support({ solid: 7.5, alone: 8.5 }).isBorneOut(1, here)).toBe(false);
    expect(support({ solid: 7.5, alone: 9.5 }).isBorneOut(1, here)).toBe(true);
  });

  test("or where nothing can be asked of its neighbours", () => {
    expect(support({ isSeen: (index) => index === 1 }).isBorneOut(1, here)).toBe(true);
  });
});
