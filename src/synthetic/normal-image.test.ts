import { expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { madeDisc } from "../../test/support/made-normal.ts";
import { examineNormal } from "./normal-image.ts";

test("the body is the bright disc, not the air, and a little smaller than it", () => {
  const { body, area, low, high, span } = examineNormal(madeDisc(64));
  expect(body.data[0]).toBe(0);
  expect(body.data[32 * 64 + 32]).toBe(1);
  const disc = Math.PI * 24 * 24;
  expect(area).toBeGreaterThan(0.8 * disc);
  expect(area).toBeLessThan(disc);
  expect(low).toBeGreaterThan(80);
  expect(span).toBe(high - low);
});

test("each pixel of the body lies well inside or at its border", () => {
  const { body, area, interior, border } = examineNormal(madeDisc(64));
  expect(interior.length + border.length).toBe(area);
  expect(interior).toContain(32 * 64 + 32);
  expect([...interior, ...border].every((pixel) => body.data[pixel] === 1)).toBe(true);
});

test("negative values, as of CT, are nothing special", () => {
  const { width, height, data } = madeDisc(64);
  const moved = { width, height, data: data.map((value) => 4 * value - 1000) };
  expect(examineNormal(moved).body).toEqual(examineNormal(madeDisc(64)).body);
});

test("small holes belong to the body, specks do not", () => {
  const image = madeDisc(64);
  image.data.fill(0, 32 * 64 + 30, 32 * 64 + 34);
  image.data.fill(200, 2 * 64 + 2, 2 * 64 + 6);
  const { body } = examineNormal(image);
  expect(body.data[32 * 64 + 32]).toBe(1);
  expect(body.data[2 * 64 + 4]).toBe(0);
});

test("haze that reaches the edge of the picture is not body", () => {
  const image = madeDisc(64);
  for (let i = 0; i < image.data.length; i++) if (image.data[i] < 50 && i % 64 < 40) image.data[i] += 15;
  const { body } = examineNormal(image);
  expect(body.data[32 * 64 + 2]).toBe(0);
  expect(body.data[32 * 64 + 32]).toBe(1);
});

test("an image without a body is refused", () => {
  const empty = { width: 64, height: 64, data: new Float32Array(64 * 64) };
  return expectMiasError(
    () => examineNormal(empty),
    "image-unsupported",
    "must have 200 pixels or more, got 0",
  );
});
