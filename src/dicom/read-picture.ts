import type { Geometry, MedicalImage, PixelArray, ValueWindow } from "../types.ts";
import { decodeFrame } from "./decode-frame.ts";
import type { PixelLayout, Rescale } from "./instance.ts";
import { nonFiniteIssues, type ReadBytes, reread } from "./read-series.ts";
import type { PicturesPlan, SeriesFrame } from "./series-plan.ts";
import type { ValueArray } from "./stored-values.ts";
import { createVoxelStore } from "./voxel-store.ts";

/** What the frame of a plan is called: its file, with the frame's number where the file holds several. */
export function pictureName({ instance, frame }: SeriesFrame): string {
  return instance.frames.length === 1 ? instance.name : `${instance.name} (frame ${frame.index + 1})`;
}

/**
 * Reads picture `index`, from 0, of a plan. Grey values are in the modality's unit; those of MONOCHROME1 are turned
 * round, so that high ones are bright. `range` is the file's window, where it has one.
 * @throws MiasError `image-unreadable` where the file is damaged or no more what was planned, `image-unsupported` where
 *   it is of a kind that is not read here
 */
export async function readPicture(
  plan: PicturesPlan,
  index: number,
  readBytes: ReadBytes,
  signal?: AbortSignal,
): Promise<MedicalImage> {
  const entry = plan.frames[index];
  const name = pictureName(entry);
  const { layout } = entry.instance;
  const pixels = await decodeFrame(await reread(entry.instance, readBytes, signal), entry.frame.index);
  const image = { name, width: layout.columns, height: layout.rows, geometry: geometryOf(entry) };
  const { issues } = entry.instance;
  if (pixels.channels === 3) return { ...image, channels: 3, data: pixels.values, issues };
  const turned = layout.photometric === "MONOCHROME1" ? endsOf(layout, entry.frame.rescale) : undefined;
  const grey = greyPixels(
    turned === undefined ? pixels.values : pixels.values.map((value) => turned - value),
  );
  const range = windowOf(entry.frame.window, turned);
  return {
    ...image,
    channels: 1,
    data: grey.data,
    ...(range && { range }),
    issues: [...issues, ...nonFiniteIssues(name, grey.nonFinite, grey.data.length)],
  };
}

/** The sum of the least and the greatest value: what a value is taken from to turn it round. */
function endsOf({ bitsStored, signed }: PixelLayout, { slope, intercept }: Rescale): number {
  const sum = signed ? -1 : 2 ** bitsStored - 1;
  return slope * sum + 2 * intercept;
}

function windowOf(window: ValueWindow | undefined, turned: number | undefined): ValueWindow | undefined {
  if (!window || turned === undefined) return window;
  return { low: turned - window.high, high: turned - window.low };
}

/** Whole numbers of 8 or 16 bits where they fit, else 32-bit floats. */
function greyPixels(values: ValueArray): { data: PixelArray; nonFinite: number } {
  const store = createVoxelStore(values.length, 0, 255, true);
  store.put(0, values);
  const data = store.data();
  return { data: data instanceof Int16Array ? Float32Array.from(data) : data, nonFinite: store.nonFinite() };
}

function geometryOf({ instance, frame }: SeriesFrame): Geometry {
  const { pixelSpacing, position, orientation } = frame;
  if (!pixelSpacing) return { spacing: [1, 1, 1], unit: "px" };
  const thickness =
    instance.sliceThickness !== undefined && instance.sliceThickness > 0 ? instance.sliceThickness : 1;
  const spacing = [pixelSpacing[1], pixelSpacing[0], thickness] as const;
  if (!position || !orientation) return { spacing, unit: "mm" };
  const [[a, b, c], [d, e, f]] = orientation;
  const normal = [b * f - c * e, c * d - a * f, a * e - b * d];
  const affine = [0, 1, 2].flatMap((axis) => [
    orientation[0][axis] * spacing[0],
    orientation[1][axis] * spacing[1],
    normal[axis] * thickness,
    position[axis],
  ]);
  return { spacing, unit: "mm", affine: [...affine, 0, 0, 0, 1] };
}
