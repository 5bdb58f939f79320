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
