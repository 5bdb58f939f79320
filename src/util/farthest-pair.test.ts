import { describe, expect, test } from "vitest";
import { cornersOfPlanes, type GridPoint, largestDistance } from "./farthest-pair.ts";
import { createRandom } from "./prng.ts";

const unit = [1, 0, 0, 0, 1, 0, 0, 0, 1];

describe("largestDistance", () => {
  test("is 0 for one point, and the diagonal of a box", () => {
    expect(largestDistance([[3, 4, 5]], unit)).toBe(0);
    const box: GridPoint[] = [];
    for (const x of [0, 1, 2]) for (const y of [0, 1]) for (const z of [0, 1, 2]) box.push([x, y, z]);
    expect(largestDistance(box, unit)).toBe(3);
  });

  test("is in the lengths of the metric", () => {
    const rod: GridPoint[] = [0, 1, 2, 3].map((z) => [0, 0, z]);
    expect(largestDistance(rod, [1, 0, 0, 0, 1, 0, 0, 0, 2.5])).toBe(7.5);
    // A step along z that leans by 3 along x: lengths of (3, 0, 4).
    expect(largestDistance(rod.slice(0, 2), [1, 0, 3, 0, 1, 0, 0, 0, 4])).toBe(5);
  });

  test("is that of all pairs, for clouds of random points", () => {
    const random = createRandom(7);
    for (let cloud = 0; cloud < 30; cloud++) {
      const points = Array.from({ length: 60 }, () => place(() => random.integer(9)));
      let most = 0;
      for (const a of points) for (const b of points) most = Math.max(most, lengthOf(a, b));
      expect(largestDistance(points, unit)).toBeCloseTo(most, 12);
    }
  });

  test("takes less than a second for a ball of a million voxels", () => {
    const radius = 62;
    const ball: GridPoint[] = [];
    for (let z = -radius; z <= radius; z++)
      for (let y = -radius; y <= radius; y++) {
        const rest = radius * radius - z * z - y * y;
        if (rest < 0) continue;
        const x = Math.floor(Math.sqrt(rest));
        ball.push([-x, y, z], [x, y, z]);
      }
    const started = performance.now();
    expect(largestDistance(ball, unit)).toBe(2 * radius);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test("cornersOfPlanes leaves out what lies inside or on an edge", () => {
  const square: GridPoint[] = [];
  for (const x of [0, 1, 2]) for (const y of [0, 1, 2]) square.push([x, y, 4]);
  const corners = cornersOfPlanes(square, 2).map(([x, y]) => `${x}${y}`);
  expect(corners.sort()).toEqual(["00", "02", "20", "22"]);
});

function place(draw: () => number): GridPoint {
  return [draw(), draw(), draw()];
}

function lengthOf(a: GridPoint, b: GridPoint): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
