import { expect, test } from "vitest";
import { decimalString, elementsOf, tagNumber } from "./object-elements.ts";

test("decimal strings keep their exponent within 16 characters", () => {
  expect(decimalString(-0)).toBe("0");
  expect(decimalString(0.7)).toBe("0.7");
  expect(decimalString(-0.1234567890123456)).toBe("-0.1234567890123");
  expect(decimalString(-1.2345678901234567e-17)).toBe("-1.23456789e-17");
  expect(decimalString(1234567.123456789)).toBe("1234567.12345679");
});

test("elements by tag; undefined is left out, an empty text has no value", () => {
  const item = {
    PatientID: "",
    StudyID: undefined,
    PixelSpacing: [0.7, 1],
    SegmentSequence: [{ SegmentNumber: 1 }],
  };
  expect(elementsOf(item)).toEqual({
    "00100020": { vr: "LO", Value: [] },
    "00280030": { vr: "DS", Value: ["0.7", "1"] },
    "00620002": { vr: "SQ", Value: [{ "00620004": { vr: "US", Value: [1] } }] },
  });
});

test("a keyword that is not in the dictionary is our fault", () => {
  expect(() => elementsOf({ NoSuchThing: "1" })).toThrow("NoSuchThing");
});

test("tags as numbers", () => {
  expect(tagNumber("ReferencedSegmentNumber")).toBe(0x0062_000b);
});
