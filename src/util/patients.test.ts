import { expect, test } from "vitest";
import { groupsOf, seriesOfName } from "./patients.ts";

test("seriesOfName drops the last number of a name", () => {
  expect(seriesOfName("case_12_slice_040.png")).toBe("case_12_slice_.png");
  expect(seriesOfName("p1/t1.png")).toBe("p1/t.png");
  expect(seriesOfName("anna.png")).toBe("anna.png");
});

test("groupsOf keeps the order of the first of each group", () => {
  expect(groupsOf(["b", "a", "b", "c", "a"])).toEqual([[0, 2], [1, 4], [3]]);
  expect(groupsOf([])).toEqual([]);
});
