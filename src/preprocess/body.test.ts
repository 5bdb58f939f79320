import { expect, test } from "vitest";
import { drawnMap } from "../../test/support/drawn.ts";
import { bodyMiddle, bodyValues } from "./body.ts";

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
