import { expect, test } from "vitest";
import { bilinearAxis, resample, resampleRows } from "./bilinear.ts";

const map = { width: 2, height: 2, data: Float32Array.of(0, 4, 8, 12) };

test("two samples become four at -0.25, 0.25, 0.75 and 1.25, held inside", () => {
  const axis = bilinearAxis(2, 4);
  expect([...axis.lower]).toEqual([0, 0, 0, 1]);
  expect([...axis.upper]).toEqual([1, 1, 1, 1]);
  expect([...axis.weight]).toEqual([0, 0.25, 0.75, 0]);
});

test("a part of an axis is that part of the whole axis", () => {
  const whole = bilinearAxis(5, 12);
  const part = bilinearAxis(5, 12, 3, 4);
  expect([...part.weight]).toEqual([...whole.weight.slice(3, 7)]);
  expect([...part.lower]).toEqual([...whole.lower.slice(3, 7)]);
});

test("columns and rows are sampled each by its own axis", () => {
  const { width, height, data } = resample(map, bilinearAxis(2, 4), bilinearAxis(2, 1));
  expect({ width, height }).toEqual({ width: 4, height: 1 });
  expect([...data]).toEqual([4, 5, 7, 8]);
});

test("as many samples as values copy them exactly", () => {
  const data = Float32Array.of(0.1, 1e30, -3, 7e-20);
  expect(resample({ ...map, data }, bilinearAxis(2, 2), bilinearAxis(2, 2)).data).toEqual(data);
});

test("rows come in order, in one buffer", () => {
  const seen: number[][] = [];
  const buffers = new Set<Float32Array>();
  resampleRows(map, bilinearAxis(2, 2), bilinearAxis(2, 3), (row, y) => {
    seen.push([y, ...row]);
    buffers.add(row);
  });
  expect(seen.map(([y]) => y)).toEqual([0, 1, 2]);
  expect(seen[1]).toEqual([1, 4, 8]);
  expect(buffers.size).toBe(1);
});
