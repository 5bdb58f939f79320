import { describe, expect, test } from "vitest";
import type { Prompt } from "../types.ts";
import { drawOverlay, drawPanel, type OverlayResult, overlayColours } from "./overlay.ts";
import type { RgbPicture } from "./picture.ts";

const side = 64;
/** One pixel of the image is one of the picture. */
const plainSize = { leastSide: 1 };
/** Grey 0 to 200 from left to right. */
const image = {
  width: side,
  height: side,
  data: new Float32Array(side * side).map((_, i) => 4 * (i % side)),
};
/** Far from every place that the tests look at. */
const centreOfGravity = { x: 10, y: 54 };

function result(values: Record<number, number> = {}, prompts: Prompt[] = []): OverlayResult {
  const map = { width: side, height: side, data: new Float32Array(side * side) };
  for (const [index, value] of Object.entries(values)) map.data[Number(index)] = value;
  const mask = { width: side, height: side, data: new Uint8Array(side * side) };
  return { map, mask, prompts, centreOfGravity };
}

function pixel(picture: RgbPicture, x: number, y: number): number[] {
  const at = (y * picture.width + x) * 3;
  return [...picture.data.subarray(at, at + 3)];
}

describe("the anomaly map", () => {
  test("leaves the image as it is up to one standard deviation", () => {
    const [red, green, blue] = pixel(drawOverlay(image, result({ 5: 1 }), plainSize), 5, 0);
    expect(red).toBeGreaterThan(0);
    expect([green, blue]).toEqual([red, red]);
  });

  test("is full at the cap and no fuller above it", () => {
    const opaque = { ...plainSize, opacity: 1 };
    const picture = drawOverlay(image, result({ 5: 8, 6: 100, 7: 4.5 }), opaque);
    expect(pixel(picture, 5, 0)).toEqual([0xfc, 0xff, 0xa4]);
    expect(pixel(picture, 6, 0)).toEqual([0xfc, 0xff, 0xa4]);
    expect(pixel(picture, 7, 0)).not.toEqual([0xfc, 0xff, 0xa4]);
  });

  test("has the same colours whatever else the image holds", () => {
    const alone = drawOverlay(image, result({ 5: 4 }), plainSize);
    const beside = drawOverlay(image, result({ 5: 4, 900: 50 }), plainSize);
    expect(pixel(beside, 5, 0)).toEqual(pixel(alone, 5, 0));
  });

  test("shows nothing where it is not a number", () => {
    const [red, green, blue] = pixel(drawOverlay(image, result({ 5: Number.NaN }), plainSize), 5, 0);
    expect([green, blue]).toEqual([red, red]);
  });
});

test("mask, prompts and centre of gravity have their own colours and places", () => {
  const prompts: Prompt[] = [
    { kind: "box", box: { x0: 20, y0: 10, x1: 40, y1: 30 } },
    { kind: "point", point: { x: 50, y: 10 }, positive: true },
    { kind: "point", point: { x: 50, y: 30 }, positive: false },
  ];
  const drawn = result({}, prompts);
  drawn.mask.data[20 * side + 25] = 1;
  const picture = drawOverlay(image, drawn, plainSize);
  expect(pixel(picture, 25, 20)).toEqual(overlayColours.contour);
  expect(pixel(picture, 20, 10)).toEqual(overlayColours.box);
  expect(pixel(picture, 40, 30)).toEqual(overlayColours.box);
  expect(pixel(picture, 50, 10)).toEqual(overlayColours.positive);
  expect(pixel(picture, 50, 30)).toEqual(overlayColours.halo);
  expect(pixel(picture, 53, 30)).toEqual(overlayColours.negative);
  expect(pixel(picture, 10, 54)).toEqual(overlayColours.centre);
});

test("a small image is enlarged by a whole factor, with boxes around whole pixels", () => {
  const prompts: Prompt[] = [{ kind: "box", box: { x0: 20, y0: 10, x1: 40, y1: 30 } }];
  const picture = drawOverlay(image, result({}, prompts));
  expect([picture.width, picture.height]).toEqual([384, 384]);
  expect(pixel(picture, 20 * 6, 10 * 6)).toEqual(overlayColours.box);
  expect(pixel(picture, 41 * 6 - 1, 31 * 6 - 1)).toEqual(overlayColours.box);
  expect(pixel(picture, 41 * 6, 31 * 6)).not.toEqual(overlayColours.box);
});

test("a map or mask of another size is refused with both sizes", () => {
  const map = { width: 2, height: 3, data: new Float32Array(6) };
  expect(() => drawOverlay(image, { ...result(), map })).toThrow(
    "the anomaly map must be as large as its image, 64 x 64, got 2 x 3",
  );
  const mask = { width: 2, height: 3, data: new Uint8Array(6) };
  expect(() => drawPanel(image, mask, result())).toThrow("the reference mask must be as large as its image");
});

test("a panel shows image, reference and result side by side", () => {
  const truth = { width: side, height: side, data: new Uint8Array(side * side) };
  truth.data[20 * side + 25] = 1;
  const panel = drawPanel(image, truth, result(), plainSize);
  expect([panel.width, panel.height]).toEqual([3 * side + 2 * 4, side]);
  expect(pixel(panel, 25, 20)).not.toEqual(overlayColours.truth);
  expect(pixel(panel, side + 4 + 25, 20)).toEqual(overlayColours.truth);
  expect(pixel(panel, 2 * (side + 4) + 10, 54)).toEqual(overlayColours.centre);
});
