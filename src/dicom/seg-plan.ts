import { assert } from "../util/assert.ts";
import type { VolumeLesion, VolumeSegmentation } from "../volume-types.ts";

/** One frame of a segmentation. */
export interface SegmentFrame {
  /** From 1; absent in a label map, whose frames hold all segments. */
  readonly segment?: number;
  /** Slice of the source along z. */
  readonly slice: number;
  /** From 1, among the slices that hold a segment. */
  readonly plane: number;
}

export interface SegmentPlan {
  /** In order of their labels, each with voxels; segment n is `lesions[n - 1]`. */
  readonly lesions: readonly VolumeLesion[];
  /** By label: its segment's number. */
  readonly segments: ReadonlyMap<number, number>;
  readonly frames: readonly SegmentFrame[];
}

type Labelled = Pick<VolumeSegmentation, "size" | "labels" | "lesions">;

/** Which segments and frames there are: none without a voxel. Frames go by segment, then by slice. */
export function planSegments(result: Labelled, type: "binary" | "labelmap"): SegmentPlan {
  const slices = slicesOfLabels(result);
  const known = new Set(result.lesions.map(({ label }) => label));
  assert(
    [...slices.keys()].every((label) => known.has(label)),
    "each label is of a lesion",
  );
  const lesions = result.lesions
    .filter(({ label }) => slices.has(label))
    .sort((one, other) => one.label - other.label);
  const occupied = [...new Set([...slices.values()].flatMap((own) => [...own]))].sort((a, b) => a - b);
  const planeOf = new Map(occupied.map((slice, index) => [slice, index + 1]));
  const framesOf = (own: Iterable<number>, segment?: number): SegmentFrame[] =>
    Array.from(own, (slice) => ({
      ...(segment === undefined ? {} : { segment }),
      slice,
      plane: planeOf.get(slice) as number,
    }));
  return {
    lesions,
    segments: new Map(lesions.map(({ label }, index) => [label, index + 1])),
    frames:
      type === "labelmap"
        ? framesOf(occupied)
        : lesions.flatMap(({ label }, index) => framesOf(slices.get(label) ?? [], index + 1)),
  };
}

/** By label: the slices that hold it, in order. */
function slicesOfLabels({ size, labels }: Labelled): Map<number, Set<number>> {
  const [width, height, depth] = size;
  const plane = width * height;
  assert(labels.length === plane * depth, "there is a label for each voxel");
  const slices = new Map<number, Set<number>>();
  for (let slice = 0; slice < depth; slice++) {
    let last = 0;
    for (let i = slice * plane; i < (slice + 1) * plane; i++) {
      const label = labels[i];
      if (label === 0 || label === last) continue;
      slices.set(label, (slices.get(label) ?? new Set()).add(slice));
      last = label;
    }
  }
  return slices;
}
