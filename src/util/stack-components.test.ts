import { expect, test } from "vitest";
import { labelComponents } from "./components.ts";
import { joinSlices } from "./stack-components.ts";

/** Slices as rows of text: `x` is inside. */
function stackOf(...slices: readonly string[][]) {
  const masks = slices.map((rows) => ({
    width: rows[0].length,
    height: rows.length,
    data: Uint8Array.from(rows.join(""), (letter) => (letter === "x" ? 1 : 0)),
  }));
  const labelsOf = (slice: number) =>
    masks[slice].data.includes(1) ? labelComponents(masks[slice], 8) : undefined;
  return joinSlices(masks.length, labelsOf);
}

test("what touches at a corner across slices is one component", () => {
  const stack = stackOf(["x..", "..."], ["...", ".x."]);
  expect(stack.count).toBe(1);
  expect([stack.componentOf(0, 1), stack.componentOf(1, 1)]).toEqual([0, 0]);
});

test("an empty slice between them parts two", () => {
  expect(stackOf(["x"], ["."], ["x"]).count).toBe(2);
});

test("two of one slice are joined by what lies in another, whatever its number", () => {
  const stack = stackOf(["x...x"], ["x...x"], ["xxxxx"]);
  expect(stack.count).toBe(1);
  expect([stack.componentOf(0, 1), stack.componentOf(0, 2), stack.componentOf(2, 1)]).toEqual([0, 0, 0]);
});

test("components are numbered by their first pixel in the stack", () => {
  const stack = stackOf(["....x"], ["x...x"], ["x...."]);
  expect(stack.count).toBe(2);
  expect(stack.componentOf(0, 1)).toBe(0);
  expect([stack.componentOf(1, 1), stack.componentOf(1, 2)]).toEqual([1, 0]);
  expect(stack.componentOf(2, 1)).toBe(1);
});

test("a stack without anything has none", () => {
  expect(stackOf(["..."], ["..."]).count).toBe(0);
});
