import type { VolumeSegmentation } from "../volume-types.ts";
import type { SegmentPlan } from "./seg-plan.ts";

type Labelled = Pick<VolumeSegmentation, "size" | "labels">;

export function binaryBytes({ size }: Labelled, { frames }: SegmentPlan): number {
  return Math.ceil((size[0] * size[1] * frames.length) / 8);
}

/**
 * One bit a pixel, from the lowest of a byte to the highest; the bits of a frame go on where those of the frame before
 * end, within a byte (PS3.5, 8.1.1 and annex D).
 */
export function drawBinary({ size, labels }: Labelled, plan: SegmentPlan, bytes: Uint8Array): void {
  const plane = size[0] * size[1];
  for (const [slice, firstOfLabel] of firstBits(plan, plane)) {
    for (let i = 0; i < plane; i++) {
      const label = labels[slice * plane + i];
      if (label === 0) continue;
      const bit = (firstOfLabel.get(label) as number) + i;
      bytes[Math.floor(bit / 8)] |= 1 << (bit % 8);
    }
  }
}

/** By slice and label: the first bit of its frame. There may be more than 2 ** 32 bits. */
function firstBits({ frames, lesions }: SegmentPlan, plane: number): Map<number, Map<number, number>> {
  const bits = new Map<number, Map<number, number>>();
  frames.forEach(({ segment, slice }, index) => {
    const { label } = lesions[(segment as number) - 1];
    bits.set(slice, (bits.get(slice) ?? new Map()).set(label, index * plane));
  });
  return bits;
}

/** Bytes of a pixel in a label map. */
export function labelmapDepth({ lesions }: SegmentPlan): 1 | 2 {
  return lesions.length > 255 ? 2 : 1;
}

/** The segment's number at each pixel, 0 outside; little endian. */
export function drawLabelmap({ size, labels }: Labelled, plan: SegmentPlan, bytes: Uint8Array): void {
  const plane = size[0] * size[1];
  const depth = labelmapDepth(plan);
  plan.frames.forEach(({ slice }, index) => {
    for (let i = 0; i < plane; i++) {
      const segment = plan.segments.get(labels[slice * plane + i]) ?? 0;
      const at = (index * plane + i) * depth;
      bytes[at] = segment & 255;
      if (depth === 2) bytes[at + 1] = segment >> 8;
    }
  });
}
