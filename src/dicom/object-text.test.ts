import { expect, test } from "vitest";
import { positiveOf, textOf } from "./object-text.ts";

test("names, as dcmjs gives them", () => {
  expect(textOf({ PatientName: [{ Alphabetic: "A^B", Ideographic: "山^田" }] }, "PatientName")).toBe(
    "A^B=山^田",
  );
  expect(textOf({ PatientName: [{ Alphabetic: "A", Phonetic: "c" }] }, "PatientName")).toBe("A==c");
  expect(textOf({ PatientName: "Plain^Text\0" }, "PatientName")).toBe("Plain^Text");
});

test("several values, numbers, and nothing", () => {
  expect(textOf({ DeidentificationMethod: ["one", "two"] }, "DeidentificationMethod")).toBe("one\\two");
  expect(textOf({ SeriesNumber: 7 }, "SeriesNumber")).toBe("7");
  expect(textOf({ PatientID: null }, "PatientID")).toBe("");
  expect(textOf({}, "PatientID")).toBe("");
});

test("old forms of dates and times are understood, and what is none is left out", () => {
  expect(textOf({ StudyDate: "1999.12.31" }, "StudyDate")).toBe("19991231");
  expect(textOf({ StudyTime: "23:59:58.5" }, "StudyTime")).toBe("235958.5");
  expect(textOf({ StudyDate: "yesterday" }, "StudyDate")).toBe("");
  expect(textOf({ StudyInstanceUID: "1.02.3" }, "StudyInstanceUID")).toBe("");
  expect(textOf({ PatientSex: "f?" }, "PatientSex")).toBe("");
});

test("a number above 0", () => {
  expect(positiveOf({ SliceThickness: 2.5 }, "SliceThickness")).toBe(2.5);
  expect(positiveOf({ SliceThickness: 0 }, "SliceThickness")).toBeUndefined();
  expect(positiveOf({ SliceThickness: Number.NaN }, "SliceThickness")).toBeUndefined();
});
