// The largest distance between two of many points on a grid, exactly. The two farthest points are corners of the convex
// hull, and a corner of the hull is a corner of the hull of each plane that it lies in. So points that are not are left
// out, plane by plane along each axis, before the rest is compared pair by pair: of a ball of a million voxels some
// thousand remain.

export type GridPoint = readonly [number, number, number];

/** 3 x 3, row-major: from steps along the grid's axes to lengths. */
export type Metric = readonly number[];

/** Largest distance between two of the points; 0 for one point. */
export function largestDistance(points: readonly GridPoint[], metric: Metric): number {
  let corners = points;
  for (const axis of [2, 1, 0] as const) corners = cornersOfPlanes(corners, axis);
  const places = corners.map((point) => mapped(point, metric));
  let largest = 0;
  for (let i = 0; i < places.length; i++) {
    const [x, y, z] = places[i];
    for (let k = i + 1; k < places.length; k++) {
      const other = places[k];
      const [dx, dy, dz] = [other[0] - x, other[1] - y, other[2] - z];
      largest = Math.max(largest, dx * dx + dy * dy + dz * dz);
    }
  }
  return Math.sqrt(largest);
}

/** The points that are corners of the convex hull of those with the same coordinate along `axis`. */
export function cornersOfPlanes(points: readonly GridPoint[], axis: 0 | 1 | 2): GridPoint[] {
  const planes = new Map<number, GridPoint[]>();
  for (const point of points) {
    const plane = planes.get(point[axis]);
    if (plane) plane.push(point);
    else planes.set(point[axis], [point]);
  }
  const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
  return [...planes.values()].flatMap((plane) => hullCorners(plane, u, v));
}

/** Corners of a plane convex hull (Andrew, "Another efficient algorithm for convex hulls in two dimensions", 1979). */
function hullCorners(plane: readonly GridPoint[], u: number, v: number): GridPoint[] {
  if (plane.length < 3) return [...plane];
  const sorted = [...plane].sort((a, b) => a[u] - b[u] || a[v] - b[v]);
  const lower = chain(sorted, u, v);
  const upper = chain(sorted.reverse(), u, v);
  return [...lower.slice(0, -1), ...upper.slice(0, -1)];
}

/** Half of the hull: points at which the way turns to one side only. */
function chain(sorted: readonly GridPoint[], u: number, v: number): GridPoint[] {
  const kept: GridPoint[] = [];
  for (const point of sorted) {
    while (kept.length >= 2 && turn(kept[kept.length - 2], kept[kept.length - 1], point, u, v) <= 0)
      kept.pop();
    kept.push(point);
  }
  return kept;
}

function turn(a: GridPoint, b: GridPoint, c: GridPoint, u: number, v: number): number {
  return (b[u] - a[u]) * (c[v] - a[v]) - (b[v] - a[v]) * (c[u] - a[u]);
}

function mapped([x, y, z]: GridPoint, m: Metric): GridPoint {
  return [m[0] * x + m[1] * y + m[2] * z, m[3] * x + m[4] * y + m[5] * z, m[6] * x + m[7] * y + m[8] * z];
}
