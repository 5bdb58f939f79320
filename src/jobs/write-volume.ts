// The files of one segmented volume: labels, map and montage, overlays of its slices, and DICOM objects for a series.

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { pseudonymise } from "../dicom/object-pseudonym.ts";
import { encodeParametricMap } from "../dicom/parametric-map.ts";
import { encodeSegmentation } from "../dicom/seg-encode.ts";
import { isMiasError, MiasError } from "../errors.ts";
import { maskToPng, rgbToPng } from "../io/write-raster.ts";
import { issue } from "../issues.ts";
import type { OpenStack } from "../pipeline/open-stack.ts";
import { montage, montageSlices } from "../report/montage.ts";
import { drawOverlay } from "../report/overlay.ts";
import type { RgbPicture } from "../report/picture.ts";
import { type VolumeResult, volumeResult } from "../report/volume-results.ts";
import type { Issue, OnProgress } from "../types.ts";
import { type NiftiVoxels, niftiChunks } from "../volume/encode-nifti.ts";
import { voxelPlanes } from "../volume/slice-pixels.ts";
import type { VolumeSegmentation } from "../volume-types.ts";
import type { OutputType } from "./output-types.ts";
import type { OpenVolume } from "./volume-input.ts";
import { type Content, writeBelow } from "./write-result.ts";

export interface VolumeFiles {
  /** Folder of the results. */
  readonly folder: string;
  /** @default that of the input: `dicom_seg` for a DICOM series, else `nifti` */
  readonly types?: readonly OutputType[];
  readonly alpha: number;
  /** Secret that pseudonyms are made with; DICOM objects then name no patient. */
  readonly pseudonymSecret?: string;
  /** Gets the name of each file that was written, below the folder. */
  readonly written?: Set<string>;
  readonly onProgress?: OnProgress;
}

/** Longest side of a slice's overlay and of a tile of the montage, in pixels. */
const OVERLAY_SIDE = 512;
const TILE_SIDE = 192;

/**
 * Writes the files of a volume below `folder` and returns its part of results.json.
 * @throws MiasError `output-unwritable`; then none of its files is left
 */
export async function writeVolume(
  open: OpenVolume,
  { stack }: OpenStack,
  result: VolumeSegmentation,
  name: string,
  files: VolumeFiles,
): Promise<VolumeResult> {
  const written: string[] = [];
  const types = files.types ?? [open.source ? "dicom_seg" : "nifti"];
  const total = mostFiles(types, result.slices.length);
  const write = async (file: string, content: Content): Promise<string> => {
    files.onProgress?.({ stage: "writing results", done: written.length, total });
    await writeBelow(files.folder, file, content);
    written.push(file);
    return file;
  };
  const task: Task = { open, stack, result, name, files, types, write };
  try {
    const dicom = types.includes("dicom_seg") ? await writeDicom(task) : nothing;
    const asked = types.includes("nifti") || dicom.issues.length > 0;
    const nifti = asked ? await writeNifti(task) : nothing;
    if (types.includes("png")) await writeMasks(task);
    const shown = await writePictures(task);
    files.onProgress?.({ stage: "writing results", done: total, total });
    for (const file of written) files.written?.add(file);
    const found = volumeResult(result, files.alpha);
    return {
      ...{ ...found, ...shown, issues: [...found.issues, ...dicom.issues] },
      ...{ mask: nifti.mask, segmentation: dicom.segmentation, map: nifti.map ?? dicom.map },
      ...(dicom.map === null ? {} : { parametricMap: dicom.map }),
    };
  } catch (error) {
    for (const file of written) await rm(join(files.folder, file), { force: true });
    throw error;
  }
}

/** How many files a volume has at most: labels and map in each form, overlays, their montage, and masks of slices. */
function mostFiles(types: readonly OutputType[], slices: number): number {
  const forms = types.filter((type) => type !== "png").length;
  return 2 * forms + slices + 1 + (types.includes("png") ? slices : 0);
}

interface Task {
  readonly open: OpenVolume;
  readonly stack: OpenStack["stack"];
  readonly result: VolumeSegmentation;
  readonly name: string;
  readonly files: VolumeFiles;
  readonly types: readonly OutputType[];
  /** Returns the name of the file. */
  write(file: string, content: Content): Promise<string>;
}

/** What a form of results consists of; null for what was not written. */
interface Written {
  readonly mask: string | null;
  readonly segmentation: string | null;
  readonly map: string | null;
  readonly issues: readonly Issue[];
}

const nothing: Written = { mask: null, segmentation: null, map: null, issues: [] };

async function writeNifti(task: Task): Promise<Written> {
  const { open, stack, result, name, write } = task;
  const chunksOf = (voxels: NiftiVoxels) =>
    niftiChunks(voxels, stack.size, stack.geometry, open.nifti ? { like: open.nifti } : {});
  const mask = chunksOf({ type: "uint16", parts: [result.labels] });
  const map = chunksOf({ type: "float32", parts: mapPlanes(task) });
  return {
    ...nothing,
    mask: await write(`masks/${name}.nii.gz`, mask),
    map: await write(`maps/${name}.nii.gz`, map),
  };
}

/** Gives planes of the map at the volume's voxels. */
function mapPlane({ stack: { size, plan }, result }: Task): (z: number) => Float32Array {
  return voxelPlanes(size, plan, (index) => result.mapOf(index).data);
}

/** All of them in order, each made when it is written. */
function* mapPlanes(task: Task): Generator<Float32Array, void, undefined> {
  const planeOf = mapPlane(task);
  for (let z = 0; z < task.stack.size[2]; z++) yield planeOf(z);
}

/**
 * A series gets a segmentation where there is a lesion, and its map. What DICOM cannot tell of it becomes an issue, and
 * so it is with an input that is no series.
 */
async function writeDicom(task: Task): Promise<Written> {
  const { open, stack, result, name, files, write } = task;
  const { pseudonymSecret: secret } = files;
  const { size, geometry } = stack;
  try {
    if (open.source === undefined) throw noSeries(result.name);
    const source = secret === undefined ? open.source : await pseudonymise(open.source, secret);
    const object = await encodeSegmentation(source, result, geometry);
    const mapped = { name: result.name, size, mapOf: mapPlane(task) };
    const map = await encodeParametricMap(source, mapped, geometry);
    return {
      ...nothing,
      segmentation: object ? await write(`masks/${name}.seg.dcm`, object) : null,
      map: await write(`maps/${name}.map.dcm`, map),
    };
  } catch (error) {
    if (!isMiasError(error, "image-unsupported")) throw error;
    return { ...nothing, issues: [issue("dicom-object-refused", result.name, error.message)] };
  }
}

function noSeries(name: string): MiasError {
  const message = `${name} must be a DICOM series for DICOM results to refer to, which it is not; NIfTI is written instead`;
  return new MiasError("image-unsupported", name, message);
}

async function writeMasks({ result, name, write }: Task): Promise<void> {
  for (const { index } of result.slices) {
    await write(`masks/${name}/${slotName(result, index)}.png`, await maskToPng(result.maskOf(index)));
  }
}

/** An overlay of each slice that shows something, and some of them side by side. */
async function writePictures({ stack, result, name, write }: Task) {
  const pictures: (string | null)[] = new Array(result.plan.count).fill(null);
  const shown = result.slices.map(({ index }) => index);
  const tiles = new Set(montageSlices(shown, result.lesions));
  const small: RgbPicture[] = [];
  for (const index of shown) {
    const draw = overlayOf(stack, result, index);
    const overlay = draw(OVERLAY_SIDE);
    pictures[index] = await write(`overlays/${name}/${slotName(result, index)}.png`, await rgbToPng(overlay));
    if (tiles.has(index)) small.push(draw(TILE_SIDE));
  }
  const preview = await write(`overlays/${name}.png`, await rgbToPng(montage(small)));
  return { preview, pictures };
}

/** Draws a slice with its map and mask, the longer side at most `side` pixels. */
function overlayOf(
  stack: OpenStack["stack"],
  result: VolumeSegmentation,
  index: number,
): (side: number) => RgbPicture {
  const { image } = stack.slice(index);
  const parts = { map: result.mapOf(index), mask: result.maskOf(index), prompts: [] };
  return (side) => drawOverlay(image, parts, { leastSide: side / 2, mostSide: side });
}

/** The slice's place, from 1, in as many digits as the last one has. */
function slotName({ plan }: VolumeSegmentation, index: number): string {
  return String(index + 1).padStart(String(plan.count).length, "0");
}
