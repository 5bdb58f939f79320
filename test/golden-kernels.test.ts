// The numeric kernels against Pillow, torch, SciPy and OpenCV; see scripts/golden_kernels.py.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { createFrame } from "../src/geometry/frame.ts";
import { upsampling } from "../src/map/upsample.ts";
import { meanPatches } from "../src/patches/mean-patches.ts";
import { unfoldPatches } from "../src/patches/unfold-patches.ts";
import { bodyBrightness } from "../src/preprocess/body.ts";
import { localIntensityFeature } from "../src/preprocess/local-intensity.ts";
import { resizeToFrame } from "../src/preprocess/resize.ts";
import { contourBoxes } from "../src/prompt/contour-boxes.ts";
import { filterMap } from "../src/util/axis-filter.ts";
import { gaussian } from "../src/util/gaussian.ts";
import { noise } from "./golden-noise.ts";
import { paintedMap } from "./support/drawn.ts";

interface Shape {
  readonly width: number;
  readonly height: number;
}

interface Values {
  readonly values: readonly number[];
}

function load<T>(name: string): T[] {
  return JSON.parse(readFileSync(new URL(`golden/kernels/${name}.json`, import.meta.url), "utf8"));
}

function madeMap({ width, height }: Shape, seed: number) {
  return { width, height, data: noise(seed, width * height) };
}

function madeFeature({ width, height, channels }: Shape & { readonly channels: number }, seed: number) {
  return { name: "made", channels, width, height, data: noise(seed, channels * height * width) };
}

function expectClose(actual: Float32Array, expected: readonly number[], tolerance: number, step = 1): void {
  expect(expected).toHaveLength(Math.ceil(actual.length / step));
  const worst = expected.reduce((max, value, i) => Math.max(max, Math.abs(actual[i * step] - value)), 0);
  expect(worst).toBeLessThanOrEqual(tolerance);
}

describe("resize: Pillow, mode F, bilinear, of the padded square", () => {
  const cases = load<Shape & Values & { size: number }>("resize");
  test.each(cases)("$width x $height to $size", ({ width, height, size, values }) => {
    const resized = resizeToFrame(madeMap({ width, height }, 1), createFrame(width, height, size));
    expectClose(resized.data, values, 1e-6);
  });
});

describe("local brightness: numpy and scipy.ndimage", () => {
  const cases = load<Values & { size: number; side: number }>("local-brightness");
  test.each(cases)("$size pixels in $side cells", ({ size, side, values }) => {
    const image = bodyWithHole(size);
    const { data } = localIntensityFeature(image, side, bodyBrightness(image, 0.25));
    expectClose(data, values, 1e-5);
  });

  /** As in the script: an ellipse with a dark hole, before noise. */
  function bodyWithHole(size: number) {
    const [tissue, air] = [noise(7, size * size), noise(8, size * size)];
    return paintedMap(size, (x, y) => {
      const inEllipse = ((x - size / 2) / (0.4 * size)) ** 2 + ((y - size / 2) / (0.3 * size)) ** 2 < 1;
      const inHole = Math.abs(x - 0.6 * size) < 0.04 * size && Math.abs(y - 0.5 * size) < 0.03 * size;
      const at = y * size + x;
      return inEllipse && !inHole ? Math.fround(0.4) + tissue[at] / 4 : air[at] / 8;
    });
  }
});

describe("upsample: torch interpolate, bilinear, align_corners=False", () => {
  const cases = load<Shape & Values & { size: number }>("upsample");
  test.each(cases)("$width x $height to $size", ({ width, height, size, values }) => {
    const map = filterMap(madeMap({ width, height }, 2), upsampling(width, size), upsampling(height, size));
    expectClose(map.data, values, 1e-6);
  });
});

describe("gaussian: scipy.ndimage.gaussian_filter", () => {
  const cases = load<Shape & Values & { sigma: number }>("gaussian");
  test.each(cases)("$width x $height, sigma $sigma", ({ width, height, sigma, values }) => {
    expectClose(gaussian(madeMap({ width, height }, 3), sigma).data, values, 1e-6);
  });
});

describe("mean patches: torch avg_pool2d without the padding", () => {
  const cases = load<Shape & Values & { channels: number }>("mean-patches");
  test.each(cases)("$channels x $height x $width", ({ values, ...shape }) => {
    expectClose(meanPatches(madeFeature(shape, 4)).data, values, 1e-6);
  });
});

describe("unfold patches: torch unfold and adaptive_avg_pool1d", () => {
  const cases = load<Shape & Values & { channels: number; step: number }>("unfold-patches");
  test.each(cases)("$channels x $height x $width", ({ values, step, ...shape }) => {
    expectClose(unfoldPatches(madeFeature(shape, 5)).data, values, 1e-6, step);
  });
});

describe("contour boxes: OpenCV findContours, RETR_EXTERNAL", () => {
  const cases = load<Shape & { share: number; boxes: readonly (readonly number[])[] }>("contours");
  test.each(cases)("$width x $height, $share set", ({ width, height, share, boxes }) => {
    const map = { width, height, data: noise(6, width * height).map((value) => (value < share ? 1 : 0)) };
    const found = contourBoxes(map, 8).flatMap(({ prompts }) =>
      prompts.map((prompt) =>
        prompt.kind === "box" ? [prompt.box.x0, prompt.box.y0, prompt.box.x1, prompt.box.y1] : [],
      ),
    );
    expect(found.map(String).sort()).toEqual(boxes.map(String).sort());
  });
});
