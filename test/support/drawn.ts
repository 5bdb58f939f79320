import type { Mask, ScalarMap } from "../../src/types.ts";

/** A mask drawn in text: "#" belongs to it. */
export function drawnMask(...rows: readonly string[]): Mask {
  return {
    width: rows[0].length,
    height: rows.length,
    data: Uint8Array.from(rows.join(""), (sign) => (sign === "#" ? 1 : 0)),
  };
}

/** A map written as rows of digits. */
export function drawnMap(...rows: readonly string[]): ScalarMap {
  return { width: rows[0].length, height: rows.length, data: Float32Array.from(rows.join(""), Number) };
}

/** A square map whose values are given by their place. */
export function paintedMap(side: number, value: (x: number, y: number) => number): ScalarMap {
  const data = Float32Array.from({ length: side * side }, (_, i) => value(i % side, Math.floor(i / side)));
  return { width: side, height: side, data };
}

/** A disc, or a ring where it has a hole. */
export interface Disc {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
  /** Radius of the hole. @default 0, none */
  readonly hole?: number;
}

/** Its pixels in a square picture; both edges belong to it. */
export function discMask(side: number, { x, y, radius, hole = 0 }: Disc): Mask {
  const data = Uint8Array.from({ length: side * side }, (_, pixel) => {
    const distance = Math.hypot((pixel % side) - x, Math.floor(pixel / side) - y);
    return distance <= radius && distance >= hole ? 1 : 0;
  });
  return { width: side, height: side, data };
}
