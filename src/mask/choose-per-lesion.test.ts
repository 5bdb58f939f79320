import { expect, test } from "vitest";
import { drawnMap, drawnMask } from "../../test/support/drawn.ts";
import type { Candidate } from "../types.ts";
import { chooseAll, chooseByContrast } from "./choose.ts";
import { choosePerLesion } from "./choose-per-lesion.ts";

/** A candidate of a lesion, whose logits are 3 on the mask that is drawn and -3 elsewhere. */
function candidate(lesion: number | undefined, ...rows: string[]): Candidate {
  const { width, height, data } = drawnMask(...rows);
  const logits = { width, height, data: Float32Array.from(data, (value) => (value === 1 ? 3 : -3)) };
  const promptSet = { prompts: [], output: "single", label: "made", ...(lesion ? { lesion } : {}) } as const;
  return { promptSet, maskIndex: 0, logits, predictedIou: 0.5 };
}

const map = drawnMap("00000000", "09900550", "09900550", "00000000");
const left = candidate(0, "........", ".##.....", ".##.....", "........");
const leftRow = candidate(0, "........", ".##.....", "........", "........");
const right = candidate(1, "........", ".....##.", ".....##.", "........");
const rightRow = candidate(1, "........", ".....##.", "........", "........");

test("the best of each lesion is chosen, though all of one may be better than any of the other", () => {
  const { qualities, chosen } = choosePerLesion(chooseByContrast, [leftRow, left, rightRow, right], map);
  expect(chosen).toEqual([1, 3]);
  expect([qualities[1], qualities[3]]).toEqual([9, 5]);
});

test("candidates come in any order, the first lesion is chosen first", () => {
  expect(choosePerLesion(chooseByContrast, [right, rightRow, left, leftRow], map).chosen).toEqual([2, 0]);
});

test("candidates without a number are of the first lesion", () => {
  const unnumbered = candidate(undefined, "........", ".##.....", ".##.....", "........");
  expect(choosePerLesion(chooseByContrast, [unnumbered, leftRow], map).chosen).toEqual([0]);
});

test("a later lesion that lies inside an earlier one by more than half is dropped, by half it stays", () => {
  const inside = candidate(1, "........", "..##....", "..#.....", "........");
  expect(choosePerLesion(chooseByContrast, [left, inside], map).chosen).toEqual([0]);
  const halfInside = candidate(1, "........", "..##....", "..##....", "........");
  expect(choosePerLesion(chooseByContrast, [left, halfInside], map).chosen).toEqual([0, 1]);
});

test("a later lesion that is next to the same mask is dropped", () => {
  const larger = candidate(1, "........", ".###....", ".###....", ".#......");
  expect(choosePerLesion(chooseByContrast, [left, larger], map).chosen).toEqual([0]);
});

test("a lesion is compared with those that are kept, not with those that are dropped", () => {
  const dropped = candidate(1, "........", "..##....", "..#.....", "........");
  const besideIt = candidate(2, "........", "...#....", "...#....", "........");
  expect(choosePerLesion(chooseByContrast, [left, dropped, besideIt], map).chosen).toEqual([0, 2]);
});

test("a lesion of which nothing was drawn does not keep the others away", () => {
  const nothing = candidate(0, "........", "........", "........", "........");
  expect(choosePerLesion(chooseByContrast, [nothing, right], map).chosen).toEqual([1]);
  expect(choosePerLesion(chooseByContrast, [], map)).toEqual({ qualities: [], chosen: [] });
});

test("a chooser that takes several takes them all of each lesion", () => {
  expect(choosePerLesion(chooseAll, [leftRow, left, right], map).chosen).toEqual([0, 1, 2]);
});

test("a ring and what lies in its hole are two lesions", () => {
  const ring = candidate(0, "#####...", "#...#...", "#...#...", "#####...");
  const core = candidate(1, "........", "..#.....", "..#.....", "........");
  expect(choosePerLesion(chooseByContrast, [ring, core], map).chosen).toEqual([0, 1]);
});
