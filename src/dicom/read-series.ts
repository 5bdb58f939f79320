// A series as a volume: one instance after the other is read, decoded and put in its place, so that memory holds the
// volume and one instance.

import { MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { grouped } from "../util/grouped.ts";
import type { DicomAttributes, SourceFrame, SourceSeries, Volume } from "../volume-types.ts";
import { decodeFrame } from "./decode-frame.ts";
import { unreadableDicom, unsupportedDicom } from "./dicom-errors.ts";
import type { DicomInstance, InstanceHeader } from "./instance.ts";
import { parseInstance } from "./parse-instance.ts";
import { valueRangeOf } from "./rescale-range.ts";
import type { SeriesFrame, VolumePlan } from "./series-plan.ts";
import { createVoxelStore, type VoxelStore } from "./voxel-store.ts";

/** The bytes of a file, by the name that its header was read with. */
export type ReadBytes = (name: string, signal?: AbortSignal) => Promise<Uint8Array>;

export interface SeriesReading {
  readonly volume: Volume;
  readonly source: SourceSeries;
}

/** Most voxels of a volume: 2 GiB of 16 bits, four times 512 x 512 x 1000. */
const MOST_VOXELS = 2 ** 30;
/** A series may always unfold to this many bytes, and beyond to so many times those of its compressed pixels. */
const ALWAYS_ALLOWED = 2 ** 28;
const MOST_UNFOLDING = 1000;

/**
 * Reads the volume of a plan, values in the modality's unit, and what is needed to refer to its images. The smallest
 * type that holds all values is used: whole numbers of 8 or 16 bits, or 32-bit floats.
 * @throws MiasError `image-unreadable` where a file is damaged or no more what was planned, `image-unsupported` where
 *   it is too large or of a kind that is not read here; the reason of `signal` where that aborts
 */
export async function readSeriesVolume(
  plan: VolumePlan,
  readBytes: ReadBytes,
  signal?: AbortSignal,
): Promise<SeriesReading> {
  requireSize(plan);
  const store = createStore(plan);
  const sliceSize = plan.size[0] * plan.size[1];
  const slots = plan.frames.map(({ instance, frame }, z) => ({ instance, frame, z }));
  let attributes: DicomAttributes = {};
  for (const [header, slices] of grouped(slots, ({ instance }) => instance)) {
    const instance = await reread(header, readBytes, signal);
    if (slices.some(({ z }) => z === 0)) attributes = instance.attributes;
    for (const { frame, z } of slices) {
      signal?.throwIfAborted();
      const pixels = await decodeFrame(instance, frame.index);
      if (pixels.channels !== 1)
        throw unsupportedDicom(header.name, "must be grey to be a slice; leave it out");
      store.put(z * sliceSize, pixels.values);
    }
  }
  return { volume: volumeOf(plan, store), source: { frames: plan.frames.map(sourceFrame), attributes } };
}

/**
 * Reads an instance whose header is known.
 * @throws MiasError `image-unreadable` where the file is another one by now
 */
export async function reread(
  header: InstanceHeader,
  readBytes: ReadBytes,
  signal?: AbortSignal,
): Promise<DicomInstance> {
  signal?.throwIfAborted();
  const instance = parseInstance(header.name, await readBytes(header.name, signal));
  const { sopInstanceUid, layout, frames } = instance.header;
  const isSame = layout.rows === header.layout.rows && layout.columns === header.layout.columns;
  if (isSame && sopInstanceUid === header.sopInstanceUid && frames.length === header.frames.length)
    return instance;
  throw unreadableDicom(
    header.name,
    "must not change while it is read, but is another image now; start again",
  );
}

function requireSize({ name, size, frames }: VolumePlan): void {
  const voxels = size[0] * size[1] * size[2];
  if (voxels > MOST_VOXELS) {
    throw unsupportedDicom(
      name,
      `must have at most ${MOST_VOXELS} voxels, got ${size.join(" x ")}; leave out slices`,
    );
  }
  const compressed = [...new Set(frames.map(({ instance }) => instance))].reduce(
    (sum, one) => sum + one.pixelBytes,
    0,
  );
  if (2 * voxels <= ALWAYS_ALLOWED + MOST_UNFOLDING * compressed) return;
  const message = `${name} claims ${voxels} voxels in ${compressed} bytes, which cannot be; export it again`;
  throw new MiasError("image-unreadable", name, message);
}

/** A store for the values that the headers let expect. */
function createStore({ size, frames }: VolumePlan): VoxelStore {
  const ends = frames.flatMap(({ instance, frame }) => valueRangeOf(instance.layout, frame.rescale));
  const low = ends.reduce((least, value) => Math.min(least, value), 0);
  const high = ends.reduce((most, value) => Math.max(most, value), 0);
  const whole = frames.every(
    ({ frame }) => Number.isInteger(frame.rescale.slope) && Number.isInteger(frame.rescale.intercept),
  );
  // Stored bits of 16 with an intercept reach beyond 16 bits on paper, but not in any scan; if one does, it widens.
  const likely = high > 32767 && low < 0 ? 32767 : high;
  const least = Math.max(low, -32768);
  return createVoxelStore(size[0] * size[1] * size[2], least, likely, whole);
}

function volumeOf(plan: VolumePlan, store: VoxelStore): Volume {
  const { name, size, geometry, modality, window, inverted } = plan;
  const data = store.data();
  return {
    name,
    size,
    data,
    geometry,
    ...(modality !== undefined && { modality }),
    ...(window && { window }),
    ...(inverted && { inverted }),
    issues: [...plan.issues, ...nonFiniteIssues(name, store.nonFinite(), data.length)],
  };
}

/** @throws MiasError `image-unreadable` where no value is finite */
export function nonFiniteIssues(name: string, count: number, total: number): Issue[] {
  if (count === 0) return [];
  if (count === total) {
    throw unreadableDicom(
      name,
      "must have pixel values that are finite, but none is after rescale; leave it out",
    );
  }
  const share = `${count} of ${total} values`;
  return [
    issue(
      "non-finite-pixels",
      name,
      `pixel values must be finite, ${share} are not after rescale and were set to 0`,
    ),
  ];
}

function sourceFrame({ instance, frame }: SeriesFrame): SourceFrame {
  const isMultiFrame = instance.frames.length > 1;
  return {
    sopClassUid: instance.sopClassUid,
    sopInstanceUid: instance.sopInstanceUid,
    ...(isMultiFrame && { frame: frame.index + 1 }),
    position: frame.position ?? [0, 0, 0],
  };
}
