import type { Bank, BankLayer, FitOptions } from "../types.ts";
import { joined } from "../util/joined.ts";
import type { CoresetRows } from "./coreset.ts";

/** The layers of a bank whose rows are those of `parts`, one part after another. */
export function bankLayers(
  options: FitOptions,
  dims: readonly number[],
  parts: readonly CoresetRows[],
): BankLayer[] {
  return options.taps.map((tap, l) => {
    const layers = parts.map((part) => part.layers[l]);
    return { tap, dims: dims[l], data: joined(Uint16Array, layers) };
  });
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
