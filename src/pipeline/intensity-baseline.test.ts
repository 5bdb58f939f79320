// The map against numpy and scipy: see scripts/golden_masks.py.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { unpackBits } from "../../test/support/golden-arrays.ts";
import type { MedicalImage } from "../types.ts";
import { intensityBaseline } from "./intensity-baseline.ts";

interface Golden {
  readonly width: number;
  readonly height: number;
  readonly baseline: { readonly image: string; readonly body: string; readonly map: readonly number[] };
}

const golden: Golden = JSON.parse(
  readFileSync(new URL("../../test/golden/masks.json", import.meta.url), "utf8"),
);

function grey(width: number, height: number, data: Uint8Array): MedicalImage {
  const geometry = { spacing: [1, 1, 1], unit: "px" } as const;
  return { name: "a.png", width, height, channels: 1, data, geometry, issues: [] };
}

test("is the deviation of the smoothed body in median absolute deviations", () => {
  const { width, height, baseline } = golden;
  const pixels = new Uint8Array(Buffer.from(baseline.image, "base64"));
  const { map, body } = intensityBaseline(grey(width, height, pixels));
  expect(body.data).toEqual(unpackBits(baseline.body).slice(0, width * height));
  const worst = map.data.reduce((most, value, i) => Math.max(most, Math.abs(value - baseline.map[i])), 0);
  expect(worst).toBeLessThan(1e-5);
  expect(Math.max(...baseline.map)).toBeGreaterThan(3);
});

test("takes values from black to white where the image has a range, as slices of CT have", () => {
  const { width, height, baseline } = golden;
  const pixels = new Uint8Array(Buffer.from(baseline.image, "base64"));
  const image = grey(width, height, pixels);
  // Air is far below black.
  const shifted = Float32Array.from(pixels, (value) => (value === 0 ? -3000 : value - 1000));
  const ct = { ...image, data: shifted, range: { low: -1000, high: -745 } };
  expect(intensityBaseline(ct)).toEqual(intensityBaseline(image));
});

test("is flat where all of the body is alike, and where there is none", () => {
  const flat = intensityBaseline(grey(3, 1, Uint8Array.of(0, 9, 9)));
  expect([...flat.body.data]).toEqual([0, 1, 1]);
  expect([...flat.map.data]).toEqual([0, 0, 0]);
  const black = intensityBaseline(grey(2, 1, Uint8Array.of(0, 0)));
  expect([...black.body.data, ...black.map.data]).toEqual([0, 0, 0, 0]);
});
