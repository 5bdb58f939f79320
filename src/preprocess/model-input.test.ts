import { describe, expect, test } from "vitest";
import { createFrame } from "../geometry/frame.ts";
import type { MedicalImage, PixelArray } from "../types.ts";
import { modelInput } from "./model-input.ts";

const sam = {
  kind: "mean-std",
  mean: [123.675, 116.28, 103.53],
  std: [58.395, 57.12, 57.375],
  scale: 255,
} as const;

const square = createFrame(2, 2, 2);
/** Two pixels side by side above a row of padding. */
const strip = createFrame(2, 1, 2);

function image(width: number, height: number, data: PixelArray): MedicalImage {
  const geometry = { spacing: [1, 1, 1], unit: "px" } as const;
  return { name: "scan.png", width, height, channels: 1, data, geometry, issues: [] };
}

/** The pixels alone. */
const inputOf = (...of: Parameters<typeof modelInput>) => modelInput(...of).data;

function expectClose(actual: Float32Array, expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
}

describe("minmax", () => {
  test("three equal channels from 0 to 1", () => {
    const data = inputOf(image(2, 2, Uint8Array.of(10, 20, 30, 50)), square, {
      kind: "minmax",
    });
    const channel = [0, 0.25, 0.5, 1];
    expectClose(data, [...channel, ...channel, ...channel]);
  });

  test("the padding is as dark as the darkest pixel, whatever the offset of the pixels", () => {
    const data = inputOf(image(2, 1, Float32Array.of(-1000, -500)), strip, { kind: "minmax" });
    expectClose(data.subarray(0, 4), [0, 1, 0, 0]);
    const offset = inputOf(image(2, 1, Uint16Array.of(30_000, 30_500)), strip, { kind: "minmax" });
    expect(offset).toEqual(data);
  });

  test("what the resize averages away is not blown up again", () => {
    const checks = Float32Array.from({ length: 64 * 64 }, (_, i) => ((i + (i >> 6)) % 2 === 0 ? 0.1 : 0.7));
    const data = inputOf(image(64, 64, checks), createFrame(64, 64, 1), { kind: "minmax" });
    expect([...data]).toEqual([0, 0, 0]);
  });
});

describe("mean-std", () => {
  test("8-bit pixels are taken as they are, the padding is 0", () => {
    const data = inputOf(image(2, 1, Uint8Array.of(51, 255)), strip, sam);
    const expected = [0, 1, 2].flatMap((c) =>
      [51, 255, 0, 0].map((value) => (value - sam.mean[c]) / sam.std[c]),
    );
    expectClose(data, expected);
  });

  test("a scale of 1 is for means in [0, 1]", () => {
    const unit = { kind: "mean-std", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], scale: 1 } as const;
    expectClose(inputOf(image(2, 1, Uint8Array.of(0, 255)), strip, unit).subarray(0, 2), [-1, 1]);
  });

  test("16-bit and real pixels are stretched to the scale by their own range", () => {
    const expected = [0, 255, 0, 0].map((value) => (value - sam.mean[0]) / sam.std[0]);
    for (const data of [Uint16Array.of(900, 4000), Float32Array.of(-2, 7)]) {
      expectClose(inputOf(image(2, 1, data), strip, sam).subarray(0, 4), expected);
    }
  });
});

describe("an image with a range, as a slice of a volume has,", () => {
  const range = { low: 0, high: 100 };
  const slice = (...values: readonly number[]): MedicalImage => ({
    ...image(2, 1, Float32Array.from(values)),
    range,
  });

  test("is clipped to it and not stretched further, the padding is black (minmax)", () => {
    const data = inputOf(slice(20, 60), strip, { kind: "minmax" });
    expectClose(data, [0.2, 0.6, 0, 0, 0.2, 0.6, 0, 0, 0.2, 0.6, 0, 0]);
    expectClose(inputOf(slice(-900, 4000), strip, { kind: "minmax" }).subarray(0, 4), [0, 1, 0, 0]);
  });

  test("is clipped to it and not stretched further, the padding is black (mean-std)", () => {
    const unit = { kind: "mean-std", mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5], scale: 1 } as const;
    expectClose(inputOf(slice(25, 4000), strip, unit).subarray(0, 4), [-0.5, 1, -1, -1]);
    const bytes = { ...image(2, 1, Uint8Array.of(25, 255)), range };
    expectClose(inputOf(bytes, strip, unit).subarray(0, 4), [-0.5, 1, -1, -1]);
  });

  test("is not stretched after a resize that averages", () => {
    const checks = { ...image(2, 2, Float32Array.of(0, 100, 100, 0)), range };
    expectClose(inputOf(checks, createFrame(2, 2, 1), { kind: "minmax" }), [0.5, 0.5, 0.5]);
  });

  test("is refused where it shows nothing between black and white", () => {
    expect(() => inputOf(slice(-900, -1), strip, { kind: "minmax" })).toThrow(
      "scan.png must show something between 0 and 100, but every pixel has the value 0; leave it out",
    );
  });

  test("is not refused for a few values far outside", () => {
    const values = Float32Array.from({ length: 100 }, (_, i) => (i === 0 ? 3e38 : i));
    const far = { ...image(10, 10, values), range };
    expect(inputOf(far, createFrame(10, 10, 10), { kind: "minmax" })[99]).toBeCloseTo(0.99, 5);
  });
});

test.each([{ kind: "minmax" }, sam] as const)(
  "an image that shows nothing is refused ($kind)",
  (normalisation) => {
    expect(() => inputOf(image(2, 1, Uint8Array.of(77, 77)), strip, normalisation)).toThrow(
      "scan.png must show something, but every pixel has the value 77; leave it out",
    );
  },
);

test("a resize through a smaller square loses what that square cannot hold", () => {
  const lines = image(
    8,
    8,
    Uint8Array.from({ length: 64 }, (_, i) => (i % 2) * 255),
  );
  const frame = createFrame(8, 8, 8);
  const direct = inputOf(lines, frame, sam);
  const through = inputOf(lines, frame, sam, { through: 2 });
  expect(Math.abs(direct[3] - direct[4])).toBeGreaterThan(4);
  expect(Math.abs(through[3] - through[4])).toBeLessThan(0.5);
});

describe("brightness by the body", () => {
  const bright = image(2, 2, Uint8Array.of(0, 20, 20, 200));

  test("clips what is brighter than twice the body's median", () => {
    const data = inputOf(bright, square, { kind: "minmax" }, { brightness: "body" });
    expectClose(data.subarray(0, 4), [0, 0.5, 0.5, 1]);
    expectClose(inputOf(bright, square, { kind: "minmax" }).subarray(0, 4), [0, 0.1, 0.1, 1]);
  });

  test("does not touch a range that comes with the image", () => {
    const sliced = { ...bright, range: { low: 0, high: 200 } };
    const data = inputOf(sliced, square, { kind: "minmax" }, { brightness: "body" });
    expectClose(data.subarray(0, 4), [0, 0.1, 0.1, 1]);
  });
});

describe("what the body is brighter than", () => {
  /** Background, haze, a body, and fat: a tenth of the bright end is between haze and body. */
  const hazy = image(2, 2, Uint16Array.of(0, 20, 100, 800));

  test("is a tenth of the image's bright end, whatever becomes white", () => {
    const ranged = modelInput(hazy, square, { kind: "minmax" });
    expect(ranged.bodyLimit).toBeGreaterThan(ranged.data[1]);
    expect(ranged.bodyLimit).toBeLessThan(ranged.data[2]);
    const cut = modelInput(hazy, square, { kind: "minmax" }, { brightness: "body" });
    expect(cut.bodyLimit).toBeGreaterThan(cut.data[1]);
    expect(cut.bodyLimit).toBeLessThan(cut.data[2]);
  });

  test("lies within what is shown, and is normalised as the first channel is", () => {
    const shown = { ...hazy, range: { low: 90, high: 200 } };
    expect(modelInput(shown, square, { kind: "minmax" }).bodyLimit).toBe(0);
    const { data, bodyLimit } = modelInput(image(2, 2, Uint8Array.of(0, 10, 100, 200)), square, sam);
    expect(bodyLimit).toBeGreaterThan(data[1]);
    expect(bodyLimit).toBeLessThan(data[2]);
  });
});
