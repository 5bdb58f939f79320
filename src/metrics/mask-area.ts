import type { Mask } from "../types.ts";

/** Pixels of a mask. */
export function areaOf({ data }: Pick<Mask, "data">): number {
  let area = 0;
  for (let i = 0; i < data.length; i++) if (data[i] !== 0) area++;
  return area;
}
