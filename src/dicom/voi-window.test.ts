import { expect, test } from "vitest";
import { readVoiWindow } from "./voi-window.ts";

test("LINEAR spans width - 1 around centre - 0.5 (PS3.3 C.11.2.1.2.1)", () => {
  expect(readVoiWindow({ WindowCenter: 40, WindowWidth: 400 })).toEqual({ window: { low: -160, high: 239 } });
});

test("LINEAR_EXACT spans the width, and the first window counts", () => {
  const exact = { VOILUTFunction: "LINEAR_EXACT", WindowCenter: [40, 300], WindowWidth: [400, 2000] };
  expect(readVoiWindow(exact)).toEqual({ window: { low: -160, high: 240 } });
});

test("SIGMOID is taken as linear and told", () => {
  const sigmoid = { VOILUTFunction: "SIGMOID", WindowCenter: 0, WindowWidth: 10 };
  expect(readVoiWindow(sigmoid)).toMatchObject({
    window: { low: -5, high: 5 },
    odd: expect.stringContaining("linear"),
  });
});

test("a width of 0 or no number is none, and told", () => {
  expect(readVoiWindow({ WindowCenter: 0, WindowWidth: 0 }).window).toBeUndefined();
  expect(readVoiWindow({ WindowCenter: 0, WindowWidth: 0 }).odd).toContain("got 0 and 0");
  expect(readVoiWindow({ WindowCenter: Number.NaN, WindowWidth: 10 }).window).toBeUndefined();
  expect(readVoiWindow({ WindowWidth: 10 }).odd).toContain("got none and 10");
});

test("no window is nothing to tell", () => {
  expect(readVoiWindow({})).toEqual({});
});
