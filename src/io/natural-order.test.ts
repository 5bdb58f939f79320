import { expect, test } from "vitest";
import { compareNaturally } from "./natural-order.ts";

test("numbers count as numbers", () => {
  expect(["s10.png", "s2.png", "s1.png"].sort(compareNaturally)).toEqual(["s1.png", "s2.png", "s10.png"]);
});

test("names that differ are never equal", () => {
  expect(compareNaturally("s01", "s1")).not.toBe(0);
  expect(compareNaturally("\u00e9", "e\u0301")).not.toBe(0);
  expect(compareNaturally("s1", "s1")).toBe(0);
});
