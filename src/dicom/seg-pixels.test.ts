import { expect, test } from "vitest";
import { madeLesion } from "../../test/support/made-dicom.ts";
import { binaryBytes, drawBinary, drawLabelmap, labelmapDepth } from "./seg-pixels.ts";
import { planSegments } from "./seg-plan.ts";

test("bits of a frame go on within the last byte of the frame before, the lowest first", () => {
  // Three columns, one row: frames are 110 (lesion 1, slice 0), 101 (lesion 1, slice 1), 010 (lesion 2, slice 1).
  const result = {
    size: [3, 1, 2] as const,
    labels: Uint16Array.of(1, 1, 0, 1, 2, 1),
    lesions: [madeLesion(1), madeLesion(2)],
  };
  const plan = planSegments(result, "binary");
  const bytes = new Uint8Array(binaryBytes(result, plan));
  drawBinary(result, plan, bytes);
  expect([...bytes]).toEqual([0b10_101_011, 0b0]);
});

test("a label map has the segments' numbers", () => {
  const result = {
    size: [2, 1, 1] as const,
    labels: Uint16Array.of(0, 7),
    lesions: [madeLesion(7)],
  };
  const plan = planSegments(result, "labelmap");
  const bytes = new Uint8Array(2);
  drawLabelmap(result, plan, bytes);
  expect([...bytes]).toEqual([0, 1]);
});

test("a label map of more than 255 lesions has two bytes a pixel, the lower first", () => {
  const labels = Uint16Array.from({ length: 258 }, (_, i) => i);
  const lesions = Array.from({ length: 257 }, (_, i) => madeLesion(i + 1));
  const result = { size: [258, 1, 1] as const, labels, lesions };
  const plan = planSegments(result, "labelmap");
  expect(labelmapDepth(plan)).toBe(2);
  const bytes = new Uint8Array(2 * 258);
  drawLabelmap(result, plan, bytes);
  expect([...bytes.subarray(-4)]).toEqual([0, 1, 1, 1]);
});
