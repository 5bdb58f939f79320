import { describe, expect, test } from "vitest";
import { isMiasError } from "../errors.ts";
import type { ScalarMap } from "../types.ts";
import { boxToOriginal, createFrame, mapToOriginal, maskToOriginal, toModel, toOriginal } from "./frame.ts";

const shapes = [
  { width: 256, height: 256, size: 256 },
  { width: 512, height: 512, size: 256 },
  { width: 40, height: 60, size: 256 },
  { width: 7, height: 4, size: 5 },
  { width: 4, height: 7, size: 1024 },
  { width: 30_000, height: 20, size: 256 },
  { width: 1, height: 1, size: 256 },
];

describe("createFrame", () => {
  test("centres the image; of an odd remainder the smaller part comes first", () => {
    expect(createFrame(7, 4, 14)).toEqual({ width: 7, height: 4, side: 7, padLeft: 0, padTop: 1, size: 14 });
    expect(createFrame(4, 10, 5)).toMatchObject({ side: 10, padLeft: 3, padTop: 0 });
  });

  test.each([
    [0, 4, 8],
    [4, 2.5, 8],
    [4, 4, Number.NaN],
  ])("refuses %d x %d to %d", (width, height, size) => {
    let error: unknown;
    try {
      createFrame(width, height, size);
    } catch (caught) {
      error = caught;
    }
    expect(isMiasError(error, "usage")).toBe(true);
  });
});

describe("points and boxes", () => {
  test("a square image twice the model's side: two pixels share one model pixel", () => {
    const frame = createFrame(8, 8, 4);
    expect(toModel(frame, { x: 0.5, y: 2.5 })).toEqual({ x: 0, y: 1 });
    expect(toOriginal(frame, { x: 3, y: 0 })).toEqual({ x: 6.5, y: 0.5 });
  });

  test("the padding moves the image in the model frame", () => {
    expect(toModel(createFrame(4, 2, 4), { x: 0, y: 0 })).toEqual({ x: 0, y: 1 });
  });

  test.each(shapes)(
    "there and back is the same point: $width x $height to $size",
    ({ width, height, size }) => {
      const frame = createFrame(width, height, size);
      for (const share of [-0.2, 0, 0.31, 0.5, 1]) {
        const point = { x: share * (width - 1), y: (1 - share) * (height - 1) };
        const back = toOriginal(frame, toModel(frame, point));
        expect(back.x).toBeCloseTo(point.x, 8);
        expect(back.y).toBeCloseTo(point.y, 8);
      }
    },
  );

  test("a box goes by its corners, and is cut to the image", () => {
    const frame = createFrame(8, 4, 4);
    expect(boxToOriginal(frame, { x0: 1, y0: 1, x1: 2, y1: 2 })).toEqual({
      x0: 2.5,
      y0: 0.5,
      x1: 4.5,
      y1: 2.5,
    });
    expect(boxToOriginal(frame, { x0: 0, y0: 0, x1: 3, y1: 3 })).toEqual({ x0: 0.5, y0: 0, x1: 6.5, y1: 3 });
  });
});

describe("maps", () => {
  test("where the model's side is the image's, the padding is cropped and nothing else changes", () => {
    const map: ScalarMap = { width: 4, height: 4, data: Float32Array.from({ length: 16 }, (_, i) => i / 7) };
    const original = mapToOriginal(createFrame(4, 2, 4), map);
    expect(original).toEqual({ width: 4, height: 2, data: map.data.slice(4, 12) });
  });

  test("bilinear with half-pixel centres", () => {
    const map = { width: 2, height: 2, data: Float32Array.of(0, 4, 0, 4) };
    expect([...mapToOriginal(createFrame(4, 1, 2), map).data]).toEqual([0, 1, 3, 4]);
  });

  test("a map may sample the square more coarsely than the model", () => {
    const map = { width: 1, height: 1, data: Float32Array.of(5) };
    expect([...mapToOriginal(createFrame(2, 1, 256), map).data]).toEqual([5, 5]);
  });

  test("a strip of 30,000 x 20 takes its own size, not the square's", () => {
    const frame = createFrame(30_000, 20, 256);
    const map = { width: 256, height: 256, data: new Float32Array(65536).fill(2) };
    const original = mapToOriginal(frame, map);
    expect(original.data).toHaveLength(600_000);
    expect(original.data.every((value) => value === 2)).toBe(true);
  });
});

describe("masks", () => {
  test("a mask is where the sampled logits are positive", () => {
    const logits = { width: 2, height: 2, data: Float32Array.of(-1, 2, -1, 2) };
    expect([...maskToOriginal(createFrame(4, 1, 2), logits).data]).toEqual([0, 0, 1, 1]);
  });

  test("logits that are positive in the padding too give no more than the image", () => {
    const frame = createFrame(4, 2, 8);
    const mask = maskToOriginal(frame, { width: 8, height: 8, data: new Float32Array(64).fill(1) });
    expect(mask).toEqual({ width: 4, height: 2, data: new Uint8Array(8).fill(1) });
  });
});
