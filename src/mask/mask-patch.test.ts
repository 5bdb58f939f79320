import { expect, test } from "vitest";
import type { Mask } from "../types.ts";
import { largestInside, type MaskPatch, maskOfPatches, overlap, patchOf, sharedArea } from "./mask-patch.ts";

function maskOf(...rows: string[]): Mask {
  const data = Uint8Array.from(rows.join(""), (letter) => (letter === "x" ? 1 : 0));
  return { width: rows[0].length, height: rows.length, data };
}

function patch(...rows: string[]): MaskPatch {
  return patchOf(maskOf(...rows)) as MaskPatch;
}

test("a patch is the part of a mask that is not empty, and goes back to it", () => {
  const mask = maskOf(".....", "..x..", ".xx..", ".....");
  const cut = patch(".....", "..x..", ".xx..", ".....");
  expect(cut).toEqual({ box: { x0: 1, y0: 1, x1: 2, y1: 2 }, area: 3, data: Uint8Array.of(0, 1, 1, 1) });
  expect(maskOfPatches([cut], 5, 4)).toEqual(mask);
  expect(patchOf(maskOf("..", ".."))).toBeUndefined();
});

test("the mask of several patches is their union", () => {
  expect(maskOfPatches([patch("xx.", "..."), patch(".x.", ".x.")], 3, 2)).toEqual(maskOf("xx.", ".x."));
});

test("patches overlap where they share a pixel, not where their boxes do", () => {
  const corner = patch("xxx", "x..", "x..");
  expect(overlap(corner, patch("...", ".xx", ".xx"))).toBe(false);
  expect(overlap(corner, patch("...", ".xx", "xxx"))).toBe(true);
  expect(sharedArea(corner, patch("xx.", "xx.", "..."))).toBe(3);
});

test("the largest value inside is of the mask's pixels alone", () => {
  const map = { width: 3, height: 2, data: Float32Array.of(9, 1, 2, 3, 4, 9) };
  expect(largestInside(patch(".x.", "xx."), map)).toBe(4);
});
