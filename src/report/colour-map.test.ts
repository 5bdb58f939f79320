import { expect, test } from "vitest";
import { colourCount, infernoTable } from "./colour-map.ts";

function colour(index: number): number[] {
  return [...infernoTable.subarray(index * 3, index * 3 + 3)];
}

test("holds matplotlib's 256 colours of inferno", () => {
  expect(infernoTable.length).toBe(256 * 3);
  expect(colour(0)).toEqual([0x00, 0x00, 0x04]);
  expect(colour(1)).toEqual([0x01, 0x00, 0x05]);
  expect(colour(255)).toEqual([0xfc, 0xff, 0xa4]);
});

test("grows lighter all along, but for the rounding to bytes", () => {
  const luma = Array.from({ length: colourCount }, (_, i) => {
    const [red, green, blue] = colour(i);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  });
  for (let i = 4; i < colourCount; i++) expect(luma[i]).toBeGreaterThan(luma[i - 4]);
  expect(luma[255] - luma[0]).toBeGreaterThan(200);
});
