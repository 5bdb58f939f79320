import { describe, expect, test } from "vitest";
import { isPatientTable, parsePatientExpression, parsePatientTable, patientsOf } from "./patient-rule.ts";

describe("by name", () => {
  test("slices of one patient are together, in whatever folder", () => {
    const files = ["good/a_1.png", "tumour/a_2.png", "good/b_1.png", "c_1.png", "d_1.png", "e_1.png"];
    expect(patientsOf(files, { kind: "name" })).toEqual([
      ...["a_.png", "a_.png", "b_.png", "c_.png", "d_.png", "e_.png"],
    ]);
  });

  test("mere numbering makes no patients", () => {
    const files = ["good/000.png", "good/001.png", "bright/000.png"];
    expect(patientsOf(files, { kind: "name" })).toEqual(files);
  });
});

describe("by an expression", () => {
  test("the first group is the patient, searched in the name alone", () => {
    const rule = parsePatientExpression("^(p\\d+)_");
    expect(patientsOf(["p9_set/p1_2.png", "p12_1.png"], rule)).toEqual(["p1", "p12"]);
  });

  test("a file that it does not fit is refused", () => {
    expect(() => patientsOf(["x.png"], parsePatientExpression("(p\\d+)"))).toThrow(
      '"(p\\d+)" must give a patient for every image, but gives none for x.png; mend it',
    );
  });

  test("one without a group, or that is none, is refused", () => {
    expect(() => parsePatientExpression("p\\d+")).toThrow('but "p\\d+" has none; put the patient into');
    expect(() => parsePatientExpression("(p")).toThrow('or a file *.csv, got "(p"; mend the expression');
  });
});

describe("by a table", () => {
  const rule = parsePatientTable(
    "t.csv",
    '\uFEFFfile,patient\r\n000.png,anna\r\n"dark/000.png", "ben"\r\n\r\na,b.png,c\r\n',
  );

  test("the longest part of the path counts", () => {
    const files = ["/data/good/000.png", "/data/dark/000.png", "a,b.png", "dark\\000.png"];
    expect(patientsOf(files, rule)).toEqual(["anna", "ben", "c", "ben"]);
  });

  test("a file that is not in it, a line without a patient, and two patients of one file are refused", () => {
    expect(() => patientsOf(["z.png"], rule)).toThrow("t.csv must give a patient for every image");
    expect(() => parsePatientTable("t.csv", "a.png")).toThrow("t.csv must hold file,patient in each line");
    expect(() => parsePatientTable("t.csv", "a.png,1\na.png,2")).toThrow("line 2 gives a second");
  });

  test("is known by its ending", () => {
    expect(["a.csv", "A.CSV", "(a)csv"].map(isPatientTable)).toEqual([true, true, false]);
  });
});
