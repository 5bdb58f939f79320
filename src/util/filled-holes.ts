import type { Mask } from "../types.ts";
import { componentsWhere, labelComponents } from "./components.ts";

/**
 * A mask with its holes filled: gaps (4-neighbours) that do not reach the picture's edge.
 * @param most largest hole that is filled, in pixels
 */
export function filledHoles(mask: Mask, most = Infinity): Mask {
  const { width, height, data } = mask;
  const gaps = labelComponents({ width, height, data: data.map((inside) => 1 - inside) }, 4);
  const holes = componentsWhere(gaps, ({ area, box }) => {
    const isOpen = box.x0 === 0 || box.y0 === 0 || box.x1 === width - 1 || box.y1 === height - 1;
    return area <= most && !isOpen;
  });
  return { width, height, data: data.map((inside, i) => inside | holes.data[i]) };
}
