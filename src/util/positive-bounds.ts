import type { Box } from "../types.ts";

/** The bounding box of the pixels above 0, and how many there are; undefined where there is none. */
export function positiveBounds({
  width,
  height,
  data,
}: {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Float32Array;
}): (Box & { readonly area: number }) | undefined {
  let [x0, y0, x1, y1, area] = [width, height, -1, -1, 0];
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      if (!(data[i] > 0)) continue;
      area++;
      if (x < x0) x0 = x;
      if (x > x1) x1 = x;
      if (y < y0) y0 = y;
      y1 = y;
    }
  }
  return area === 0 ? undefined : { x0, y0, x1, y1, area };
}
