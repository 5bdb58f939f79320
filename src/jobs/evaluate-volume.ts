// One volume of a data set: segmented as `mias segment` does it, so that its slices agree with each other; then its slices
// are images of the metrics, and the whole is measured in 3-D.

import { MiasError } from "../errors.ts";
import { voxelVolume } from "../geometry/voxels.ts";
import { rgbToPng } from "../io/write-raster.ts";
import { dice } from "../metrics/dice.ts";
import { areaOf } from "../metrics/mask-area.ts";
import { measureVolume } from "../metrics/volume-measures.ts";
import { intensityBaseline } from "../pipeline/intensity-baseline.ts";
import type { EvaluationVolume } from "../report/evaluate-document.ts";
import { drawPanel } from "../report/overlay.ts";
import { panelSlices, volumePanel } from "../report/volume-panel.ts";
import { volumeResult } from "../report/volume-results.ts";
import type { Issue, Mask, VolumeMeasures } from "../types.ts";
import { takeSlice } from "../volume/slice-pixels.ts";
import type { SlicePlan, SliceSummary, VolumeSegmentation, VolumeSize } from "../volume-types.ts";
import { type EvaluationCase, type EvaluationRun, keepShown, verdictIn } from "./evaluation-run.ts";
import { judgedInput } from "./judged-volume.ts";
import { segmentVolumeInput, type VolumeOutcome } from "./segment-volume.ts";
import { sliceName } from "./slice-sources.ts";
import type { VolumeInput } from "./volume-input.ts";
import { writeBelow } from "./write-result.ts";
import { writeVolume } from "./write-volume.ts";

const CUBIC_MM_PER_ML = 1000;
/** Longer side of a slice in the panel of its volume, in pixels: least and most. */
const PANEL_SIDES = { leastSide: 192, mostSide: 384 } as const;

/** A volume with what was found and, where it is known, with its truth. */
interface Judged {
  readonly item: EvaluationCase;
  readonly outcome: Exclude<VolumeOutcome, { failure: Issue }>;
  /** Voxels in the order of the file. */
  readonly truth: Uint8Array | undefined;
}

/**
 * Segments one volume and compares it with its truth.
 * @throws MiasError for what is wrong with the volume or its mask, and `output-unwritable`; the signal's reason
 */
export async function evaluateVolume(
  run: EvaluationRun,
  item: EvaluationCase,
  input: VolumeInput,
  issues: readonly Issue[],
): Promise<void> {
  const { job, cases, segmenter, stopwatch } = run;
  const { signal, onProgress, maskRule = ">0" } = job;
  const source = judgedInput(input, item, maskRule, signal ? { signal } : {});
  const stage = `evaluating volume (${cases.indexOf(item) + 1} of ${cases.length})`;
  const outcome = await segmentVolumeInput(segmenter, source, job, {
    ...(signal ? { signal } : {}),
    ...(onProgress ? { onProgress: (progress) => onProgress({ ...progress, stage }) } : {}),
    drawn: true,
  });
  if ("failure" in outcome) throw new MiasError("image-unreadable", item.image, outcome.failure.message);
  stopwatch.add(outcome.found.seconds);
  const judged: Judged = { item, outcome, truth: source.truth() };
  const files = await writeFiles(run, judged);
  if (judged.truth !== undefined) addSlices(run, judged, files.pictures);
  run.volumes.push(evaluationVolume(run, judged, files, issues));
}

/** What is written of a volume, and what is odd about it. */
type Written = Pick<EvaluationVolume, "mask" | "segmentation" | "map" | "preview" | "panel" | "issues"> & {
  readonly pictures: readonly (string | null)[];
};

async function writeFiles(run: EvaluationRun, judged: Judged): Promise<Written> {
  const { open, opened, found } = judged.outcome;
  const { output: folder } = run.job;
  if (folder === undefined) {
    const none = { mask: null, segmentation: null, map: null, preview: null, panel: null };
    return { ...none, pictures: [], issues: found.issues };
  }
  const { alpha } = run.segmenter.options;
  const { name } = judged.item;
  const result = await writeVolume(open, opened, found, name, { folder, alpha });
  const panel = `cases/${name}.png`;
  await writeBelow(folder, panel, await rgbToPng(drawVolume(judged)));
  keepSlices(run, judged);
  const { mask, segmentation, map, preview, pictures, issues } = result;
  return { mask, segmentation, map, preview, panel, pictures, issues };
}

/** The slice of a volume's truth, in the slice's own pixels. */
function truthOf({ outcome, truth }: Judged, index: number): Mask | undefined {
  const { plan, size } = outcome.found;
  if (truth === undefined) return undefined;
  return { width: plan.width, height: plan.height, data: takeSlice(truth, size, plan, index) };
}

function drawVolume(judged: Judged) {
  const { opened, found } = judged.outcome;
  const holdsSome = (index: number) => {
    const truth = truthOf(judged, index);
    return areaOf(found.maskOf(index)) > 0 || (truth !== undefined && areaOf(truth) > 0);
  };
  const marked = [...Array(found.plan.count).keys()].filter(holdsSome);
  return volumePanel(
    panelSlices(marked, found.slices).map((index) => {
      const { image } = opened.stack.slice(index);
      const parts = { map: found.mapOf(index), mask: found.maskOf(index), prompts: [] };
      return drawPanel(image, truthOf(judged, index), parts, PANEL_SIDES);
    }),
  );
}

/** Keeps the slices with a lesion for the best and worst cases. */
function keepSlices({ shown }: EvaluationRun, judged: Judged): void {
  const { item, outcome } = judged;
  const { opened, found } = outcome;
  for (let index = 0; index < found.plan.count; index++) {
    const truth = truthOf(judged, index);
    if (truth === undefined || areaOf(truth) === 0) continue;
    const { image } = opened.stack.slice(index);
    const parts = { map: found.mapOf(index), mask: found.maskOf(index), prompts: [] };
    const file = sliceName(item.image, index, found.plan.count);
    const name = `${item.name}/${slotOf(found.plan, index)}`;
    keepShown(shown, { file, name, dice: dice(parts.mask, truth), panel: drawPanel(image, truth, parts) });
  }
}

function slotOf({ count }: SlicePlan, index: number): string {
  return String(index + 1).padStart(String(count).length, "0");
}

/** A slice that was not seen holds no deviation, and is called normal. */
const UNSEEN = { score: 0, pValue: 1, abnormal: false } as const satisfies Partial<SliceSummary>;

/** Adds a volume's slices to the metrics: those that show something, and those that hold a lesion all the same. */
function addSlices(run: EvaluationRun, judged: Judged, pictures: readonly (string | null)[]): void {
  const { item, outcome } = judged;
  const { opened, found } = outcome;
  const seen = new Map(found.slices.map((slice) => [slice.index, slice]));
  for (let index = 0; index < found.plan.count; index++) {
    const truth = truthOf(judged, index);
    const anomalous = truth !== undefined && areaOf(truth) > 0;
    if (!seen.has(index) && !anomalous) continue;
    const { score, pValue, abnormal } = seen.get(index) ?? UNSEEN;
    const { image } = opened.stack.slice(index);
    const { map: baseline, body } = intensityBaseline(image);
    const mask = found.maskOf(index);
    const name = sliceName(item.image, index, found.plan.count);
    run.metrics.add({
      ...{ name, anomalous, patient: item.patient, geometry: image.geometry },
      ...{ score, map: found.mapOf(index), mask, drawn: found.drawnOf?.(index) ?? mask },
      ...{ baseline, body, ...verdictIn(run, abnormal) },
      ...(anomalous ? { truth } : {}),
    });
    run.rows.push({ file: name, pValue, abnormal, overlay: pictures[index] ?? null, issues: [] });
  }
}

function evaluationVolume(
  { segmenter }: EvaluationRun,
  judged: Judged,
  { pictures: _, issues: written, ...files }: Written,
  issues: readonly Issue[],
): EvaluationVolume {
  const result = volumeResult(judged.outcome.found, segmenter.options.alpha);
  const { volumeLesions: _lesions, slices: _slices, ...facts } = result;
  const { anomalous } = judged.item;
  return { ...facts, anomalous, measures: measuresOf(judged), ...files, issues: [...issues, ...written] };
}

/** In the voxels of the file. */
function measuresOf({ outcome, truth }: Judged): VolumeMeasures | null {
  if (truth === undefined) return null;
  const { found, opened } = outcome;
  const { geometry } = opened.stack;
  const voxelMl = voxelVolume(geometry) / CUBIC_MM_PER_ML;
  return measureVolume({
    slices: found.size[2],
    maskOf: (z) => planeOf(found.labels, found.size, z),
    truthOf: (z) => planeOf(truth, found.size, z),
    ...(geometry.unit === "mm" ? { voxelMl } : {}),
  });
}

/** Slice `z` of voxels in the file's order as a mask; undefined where it is empty. */
function planeOf(
  voxels: VolumeSegmentation["labels"] | Uint8Array,
  [width, height]: VolumeSize,
  z: number,
): Mask | undefined {
  const plane = voxels.subarray(z * width * height, (z + 1) * width * height);
  if (plane.every((value) => value === 0)) return undefined;
  return { width, height, data: Uint8Array.from(plane, (value) => (value === 0 ? 0 : 1)) };
}
