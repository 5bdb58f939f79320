import { describe, expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import { bodyMiddle, bodyRange, bodyValues, innerBody } from "./body.ts";

const body = drawnMap("000000", "015900", "005510", "000000");

test("the body is what is brighter than a tenth of the bright end", () => {
  expect([...bodyValues(body)]).toEqual([1, 5, 9, 5, 5, 1]);
});

test("its middle is the mean column of its pixels", () => {
  expect(bodyMiddle(body)).toBe((1 + 2 + 3 + 2 + 3 + 4) / 6);
});

test("an image that shows nothing is all body, and its middle that of the image", () => {
  const nothing = drawnMap("3333", "3333");
  expect(bodyValues(nothing)).toHaveLength(8);
  expect(bodyMiddle(nothing)).toBe(1.5);
});

test("its inside is what has body on all sides, the edge of the image being none", () => {
  const picture = drawnMap("00000", "09999", "09999", "09999", "09999");
  const drawn = (edge: number) => [...innerBody(picture, 1, edge)].join("").match(/.{5}/g);
  expect(drawn(0)).toEqual(["00000", "01111", "01111", "01111", "01111"]);
  expect(drawn(1)).toEqual(["00000", "00000", "00110", "00110", "00000"]);
  expect(drawn(2)).toEqual(["00000", "00000", "00000", "00000", "00000"]);
});

describe("black and white by the body", () => {
  test("white is twice the body's median, so that a bright rim does not make all else dark", () => {
    expect(bodyRange(drawnMap("0000", "0249", "0440"))).toEqual({ low: 0, high: 8 });
  });

  test("the greatest value is white where it is nearer, and where nothing is brighter than black", () => {
    expect(bodyRange(drawnMap("0000", "0556", "0550"))).toEqual({ low: 0, high: 6 });
    expect(bodyRange(drawnMap("3333"))).toEqual({ low: 3, high: 3 });
  });
});
