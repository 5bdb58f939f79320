// One volume: each slice is seen as an image is, and judged as one; abnormal ones are drawn. The distances of all slices
// make a map in 3-D, which must bear the masks out; they go on into neighbouring slices and must be supported there; what
// is connected is a lesion.
//
//   stack -> see-slices -> volume-maps -> draw-slices (slice-support) -> volume-lesions -> VolumeSegmentation
//
// In memory are a grid of distances and the masks' patches for each slice, and the labels of the volume; embeddings are
// in the store.

import { createFrame } from "../geometry/frame.ts";
import { issue } from "../issues.ts";
import { findLesions } from "../mask/lesions.ts";
import { maskOfPatches } from "../mask/mask-patch.ts";
import { measuredInVoxels } from "../mask/measured-in-voxels.ts";
import { findVolumeLesions } from "../mask/volume-lesions.ts";
import type { CallContext, Issue, Lesion, Mask } from "../types.ts";
import { secondsSince } from "../util/seconds-since.ts";
import type { SlicePlan, SliceSummary, VolumeSegmentation } from "../volume-types.ts";
import { type DrawnStack, type DrawTools, drawSlices, type SlicePart } from "./draw-slices.ts";
import { emptyVolume } from "./empty-volume.ts";
import type { Ready } from "./see-image.ts";
import { type SliceFinding, seeSlices } from "./see-slices.ts";
import { memorySliceStore, type SliceStore } from "./slice-store.ts";
import { createSupport } from "./slice-support.ts";
import { verdictOf } from "./verdict.ts";
import { volumeMaps } from "./volume-maps.ts";
import type { VolumeStack } from "./volume-stack.ts";

export interface VolumeContext extends CallContext {
  /** Where seen slices are kept; one on disk lets an interrupted call go on. @default in memory */
  readonly store?: SliceStore;
  /** Whether the result holds the masks that are drawn where none is left empty. @default false */
  readonly drawn?: boolean;
}

/**
 * What is found in a volume. The decision on a slice is that of its own map, as on an image, so that its p-value holds as
 * there; prompts are of that map too. The map in 3-D says which masks stay, and gives lesions their scores.
 * @throws MiasError `image-unsupported` where no slice can be judged; the signal's reason when aborted; what the store
 *   throws
 */
export async function segmentStack(
  ready: Ready,
  stack: VolumeStack,
  context: VolumeContext,
): Promise<VolumeSegmentation> {
  const started = performance.now();
  const { name, plan } = stack;
  const frame = createFrame(plan.width, plan.height, ready.model.manifest.input.size);
  const step = createStep(context, 2 * plan.count);
  const seen = await seeSlices(ready, stack, context.store ?? memorySliceStore(), step.next);
  if (seen.findings.every((finding) => finding === undefined)) throw emptyVolume(stack, seen.issues);
  const grids = seen.findings.map((finding) => finding?.beyond);
  const maps = volumeMaps(ready, plan, frame, grids);
  const isSeen = (index: number) => seen.findings[index] !== undefined;
  const { mapMaxima } = ready.bank.calibration;
  const support = createSupport({ plan, maps, isSeen, normalMaxima: mapMaxima });
  const tools = {
    ...{ ready, name, frame, seen, maps },
    ...(plan.unit === "mm" ? { support } : {}),
    ...(context.signal ? { signal: context.signal } : {}),
  };
  const { seeds, highest, empty } = seedsOf(ready, seen.findings);
  const drawn = await drawSlices(tools, empty && !context.drawn ? new Set() : seeds, step.next);
  const isAlwaysAsked = context.drawn || ready.options.empty === "never";
  const always = isAlwaysAsked && isBlank(drawn) ? await drawAlone(tools, highest, drawn) : drawn;
  const shown = ready.options.empty === "never" ? always : drawn;
  const result = resultOf(stack, tools, empty ? shown.parts.map(() => []) : shown.parts);
  step.end();
  return {
    ...result,
    abnormal: !isBlank(drawn) && seen.findings.some((finding) => finding?.abnormal),
    ...(context.drawn ? { drawnOf: (index: number) => maskOfParts(plan, always.parts[index] ?? []) } : {}),
    issues: [...seen.issues, ...issuesOf(stack), ...always.issues],
    seconds: { ...seen.seconds, decode: always.decodeSeconds, total: secondsSince(started) },
  };
}

function isBlank({ parts }: DrawnStack): boolean {
  return parts.every((own) => own.length === 0);
}

/** One slice drawn whatever its neighbours say, where nothing else was borne out. @param drawn what was tried before */
async function drawAlone(tools: DrawTools, index: number, drawn: DrawnStack): Promise<DrawnStack> {
  const { support: _, ...alone } = tools;
  const { parts, issues, decodeSeconds } = await drawSlices(alone, new Set([index]), () => {});
  return { parts, issues, decodeSeconds: drawn.decodeSeconds + decodeSeconds };
}

/** Tells the progress, and ends the call where it was aborted, before each slice of each pass. */
function createStep({ signal, onProgress }: CallContext, total: number): { next(): void; end(): void } {
  let done = 0;
  const tell = () => onProgress?.({ stage: "segmenting slice", done, total });
  return {
    next: () => {
      signal?.throwIfAborted();
      tell();
      done++;
    },
    end: tell,
  };
}

/** Slices that are drawn by themselves, and whether their masks are left out all the same. */
interface Seeds {
  readonly seeds: ReadonlySet<number>;
  /** The slice of the highest score. */
  readonly highest: number;
  readonly empty: boolean;
}

/**
 * The slices that are drawn by themselves: the abnormal ones. Where there are none, it is that of the highest score: the
 * volume is drawn as one image is, and left empty as one image is (but where masks are always asked for, or too few
 * normal images were held out to decide).
 */
function seedsOf({ bank, options }: Ready, findings: readonly (SliceFinding | undefined)[]): Seeds {
  const seen = [...findings.keys()].filter((index) => findings[index] !== undefined);
  const scoreOf = (index: number) => findings[index]?.score ?? Number.NEGATIVE_INFINITY;
  const highest = seen.reduce((best, index) => (scoreOf(index) > scoreOf(best) ? index : best));
  const abnormal = seen.filter((index) => findings[index]?.abnormal);
  if (abnormal.length > 0) return { seeds: new Set(abnormal), highest, empty: false };
  const { empty } = verdictOf(scoreOf(highest), bank.calibration.imageScores, options);
  return { seeds: new Set([highest]), highest, empty };
}

function maskOfParts({ width, height }: SlicePlan, parts: readonly SlicePart[]): Mask {
  return maskOfPatches(
    parts.map(({ patch }) => patch),
    width,
    height,
  );
}

function resultOf(
  stack: VolumeStack,
  { ready, seen: { findings }, maps }: DrawTools,
  parts: readonly (readonly SlicePart[])[],
): Omit<VolumeSegmentation, "abnormal" | "issues" | "seconds"> {
  const { name, plan, size, geometry } = stack;
  const normalMaxima = ready.bank.calibration.mapMaxima;
  const maskOf = (index: number): Mask => maskOfParts(plan, parts[index] ?? []);
  const someMaskOf = (index: number) => (parts[index].length > 0 ? maskOf(index) : undefined);
  const { lesions, labelsOf } = findVolumeLesions({
    ...{ plan, geometry, maskOf: someMaskOf, mapOf: maps.solid, normalMaxima },
  });
  const slices = findings.flatMap((finding, index) => {
    const mask = someMaskOf(index);
    const own = mask ? findLesions(mask, maps.solid(index), normalMaxima) : [];
    return finding ? [summaryOf(index, finding, parts[index], own)] : [];
  });
  const labels = labelmapOf(stack, labelsOf);
  return {
    ...{ name, plan, size, slices, maskOf, mapOf: maps.solid, labels },
    lesions: plan.voxels === undefined ? lesions : measuredInVoxels({ labels, size, geometry }, lesions),
    score: slices.reduce((most, { score }) => Math.max(most, score), slices[0].score),
    pValue: slices.reduce((least, { pValue }) => Math.min(least, pValue), 1),
  };
}

function summaryOf(
  index: number,
  { score, pValue, abnormal }: SliceFinding,
  parts: readonly SlicePart[],
  lesions: readonly Lesion[],
): SliceSummary {
  const area = lesions.reduce((sum, lesion) => sum + lesion.area, 0);
  const boxes = parts.flatMap((part) => part.boxes);
  return { index, score, pValue, abnormal, area, boxes, lesions };
}

function labelmapOf(
  { plan, size: [columns, rows, slices], putSlice }: VolumeStack,
  labelsOf: (slice: number) => Uint16Array | undefined,
): Uint16Array {
  const labels = new Uint16Array(columns * rows * slices);
  for (let index = 0; index < plan.count; index++) {
    const own = labelsOf(index);
    if (own) putSlice(labels, index, own);
  }
  return labels;
}

function issuesOf({ name, plan }: VolumeStack): Issue[] {
  if (plan.unit === "mm" || plan.count === 1) return [];
  const message = `${name} must have a known spacing in mm for slices to be compared with each other, got none; each was segmented by itself`;
  return [issue("slices-independent", name, message)];
}
