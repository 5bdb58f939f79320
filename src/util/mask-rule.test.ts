import { expect, test } from "vitest";
import { MASK_RULES, maskPredicate, parseMaskRule } from "./mask-rule.ts";

test.each([
  [">0", [false, true, true, true, true]],
  [">=128", [false, false, false, true, true]],
  ["=255", [false, false, false, false, true]],
] as const)("%s", (rule, expected) => {
  expect([0, 1, 127, 128, 255].map(maskPredicate(rule))).toEqual(expected);
});

test("rules are read as they are written", () => {
  for (const rule of MASK_RULES) expect(parseMaskRule(` ${rule} `)).toBe(rule);
  expect(() => parseMaskRule(">1")).toThrow('mask rule must be one of >0, >=128, =255, got ">1"');
});
