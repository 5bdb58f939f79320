import { describe, expect, test } from "vitest";
import { type AxisFilter, chained, everyNth, filterMap } from "./axis-filter.ts";

/** Three outputs of four inputs: a + 2 b, b + 2 c, c + 2 d. */
const pairs: AxisFilter = {
  inputs: 4,
  band: 2,
  start: Int32Array.of(0, 1, 2),
  weights: Float64Array.of(1, 2, 1, 2, 1, 2),
};
/** Two outputs of three inputs: b, and then b - c. */
const differences: AxisFilter = {
  inputs: 3,
  band: 2,
  start: Int32Array.of(0, 1),
  weights: Float64Array.of(0, 1, 1, -1),
};
const same: AxisFilter = {
  inputs: 2,
  band: 1,
  start: Int32Array.of(0, 1),
  weights: Float64Array.of(1, 1),
};
const map = { width: 4, height: 2, data: Float32Array.of(1, 2, 3, 4, 10, 20, 30, 40) };

describe("filterMap", () => {
  test("along x treats each row, along y each column", () => {
    const wide = filterMap(map, pairs, same);
    expect(wide).toMatchObject({ width: 3, height: 2 });
    expect([...wide.data]).toEqual([5, 8, 11, 50, 80, 110]);
    const turned = { width: 2, height: 4, data: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40) };
    const high = filterMap(turned, same, pairs);
    expect(high).toMatchObject({ width: 2, height: 3 });
    expect([...high.data]).toEqual([5, 50, 8, 80, 11, 110]);
  });

  test("filters of another size are a fault", () => {
    expect(() => filterMap(map, same, same)).toThrow(/filters of 2 x 2 values for a map of 4 x 2/);
  });
});

test("a chain does what its filters do one after the other", () => {
  const steps = filterMap(filterMap(map, pairs, same), differences, same);
  expect(filterMap(map, chained(pairs, differences), same)).toEqual(steps);
  expect([...steps.data]).toEqual([8, -3, 80, -30]);
});

test("every n-th output is that of the whole filter", () => {
  const whole = filterMap(map, pairs, same).data;
  expect([...filterMap(map, everyNth(pairs, 0, 2, 2), same).data]).toEqual([
    whole[0],
    whole[2],
    whole[3],
    whole[5],
  ]);
  expect([...filterMap(map, everyNth(pairs, 1, 2, 1), same).data]).toEqual([whole[1], whole[4]]);
});
