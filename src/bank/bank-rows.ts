import type { Bank, BankLayer, FitOptions } from "../types.ts";
import type { CoresetRows } from "./coreset.ts";

/** The layers of a bank with these rows. */
export function bankLayers(options: FitOptions, dims: readonly number[], rows: CoresetRows): BankLayer[] {
  return options.taps.map((tap, l) => ({ tap, dims: dims[l], data: rows.layers[l] }));
}

/** The rows of a bank as a coreset holds them. */
export function bankRows({ rows, layers, priority, image, patch }: Bank): CoresetRows {
  return { rows, layers: layers.map(({ data }) => data), priority, image, patch };
}

/** The layers with their rows put in another order. @param order [rows], numbers of rows */
export function reorderLayers(layers: readonly BankLayer[], order: Uint32Array): BankLayer[] {
  return layers.map(({ tap, dims, data }) => {
    const moved = new Uint16Array(data.length);
    for (const [to, from] of order.entries()) {
      moved.set(data.subarray(from * dims, (from + 1) * dims), to * dims);
    }
    return { tap, dims, data: moved };
  });
}
