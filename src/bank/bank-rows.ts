import type { Bank, BankLayer, FitOptions } from "../types.ts";
import type { CoresetRows } from "./coreset.ts";

/** The layers of a bank whose rows are those of `parts`, one part after another. */
export function bankLayers(
  options: FitOptions,
  dims: readonly number[],
  parts: readonly CoresetRows[],
): BankLayer[] {
  return options.taps.map((tap, l) => {
    const data = new Uint16Array(parts.reduce((sum, part) => sum + part.layers[l].length, 0));
    let offset = 0;
    for (const part of parts) {
      data.set(part.layers[l], offset);
      offset += part.layers[l].length;
    }
    return { tap, dims: dims[l], data };
  });
}

/** One column of the rows of `parts`. */
export function joinRows(parts: readonly CoresetRows[], key: "priority" | "image" | "patch"): Uint32Array {
  const column = new Uint32Array(parts.reduce((sum, part) => sum + part.rows, 0));
  let offset = 0;
  for (const part of parts) {
    column.set(part[key], offset);
    offset += part.rows;
  }
  return column;
}

/** Rows `from` to `to` (exclusive) of a bank, as a coreset holds them. */
export function bankRows(bank: Bank, from: number, to: number): CoresetRows {
  return {
    rows: to - from,
    layers: bank.layers.map(({ data, dims }) => data.subarray(from * dims, to * dims)),
    priority: bank.priority.subarray(from, to),
    image: bank.image.subarray(from, to),
    patch: bank.patch.subarray(from, to),
  };
}
