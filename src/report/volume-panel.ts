// Some slices of a volume one below the other, each as a panel: image, reference, result.

import type { SliceSummary } from "../volume-types.ts";
import { blankPicture, paste, type RgbPicture } from "./picture.ts";

const MOST_SLICES = 4;
const GAP = 4;

/**
 * Slices that tell most of a volume: of those with a lesion in the mask or in the truth (`marked`) up to four at even
 * distances; where there are none, that of the highest score.
 */
export function panelSlices(
  marked: readonly number[],
  slices: readonly Pick<SliceSummary, "index" | "score">[],
): number[] {
  if (marked.length > 0) {
    const count = Math.min(MOST_SLICES, marked.length);
    return Array.from({ length: count }, (_, i) => marked[Math.floor(((i + 0.5) * marked.length) / count)]);
  }
  const highest = slices.reduce<(typeof slices)[number] | undefined>(
    (best, slice) => (best && best.score >= slice.score ? best : slice),
    undefined,
  );
  return [highest?.index ?? 0];
}

/** Panels one below the other, aligned at the left. */
export function volumePanel(panels: readonly RgbPicture[]): RgbPicture {
  const width = Math.max(1, ...panels.map((panel) => panel.width));
  const height = panels.reduce((sum, panel) => sum + panel.height, GAP * Math.max(0, panels.length - 1));
  const target = blankPicture(width, Math.max(1, height), [96, 96, 96]);
  let top = 0;
  for (const panel of panels) {
    paste(target, panel, { x: 0, y: top });
    top += panel.height + GAP;
  }
  return target;
}
