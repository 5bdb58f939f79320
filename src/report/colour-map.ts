import { interpolateInferno } from "d3-scale-chromatic";

/** Number of colours in `infernoTable`. */
export const colourCount = 256;

/**
 * RGB bytes of matplotlib's inferno, [256, 3], from black over purple and orange to pale yellow.
 *
 * Its lightness only ever rises, so a stronger anomaly is always the lighter one: on a grey image, in a grey
 * print, and to a colour-blind reader. (Turbo tells more levels apart, but is darkest at both of its ends.)
 */
export const infernoTable: Uint8Array = tabulate(interpolateInferno);

function tabulate(interpolate: (t: number) => string): Uint8Array {
  const table = new Uint8Array(colourCount * 3);
  for (let i = 0; i < colourCount; i++) {
    // "#rrggbb", the same for every t of the i-th of 256 equal parts of [0, 1]
    const rgb = Number.parseInt(interpolate((i + 0.5) / colourCount).slice(1), 16);
    table.set([rgb >> 16, (rgb >> 8) & 255, rgb & 255], i * 3);
  }
  return table;
}
