// One image: encoder -> patch embeddings -> distances -> anomaly map -> prompts -> decoder -> choice ->
// refinement -> final mask.

import { boxToOriginal, mapToOriginal, maskToOriginal, toOriginal } from "../geometry/frame.ts";
import { findLesions } from "../mask/lesions.ts";
import { unionOf } from "../mask/union.ts";
import { centreOfGravity } from "../prompt/centre-of-gravity.ts";
import type {
  Bank,
  Candidate,
  Frame,
  HierarchyMask,
  Mask,
  MedicalImage,
  Point,
  Prompt,
  Segmentation,
  SegmentOptions,
} from "../types.ts";
import { secondsSince } from "../util/seconds-since.ts";
import type { VolumeSegmentation } from "../volume-types.ts";
import { drawMasks } from "./draw-masks.ts";
import { type DrawnPart, drawnParts, furtherPeaksOf } from "./drawn-parts.ts";
import type { Model } from "./model.ts";
import { makeReady, type Ready, seeImage } from "./see-image.ts";
import { segmentStack, type VolumeContext } from "./segment-volume.ts";
import { verdictOf } from "./verdict.ts";
import type { VolumeStack } from "./volume-stack.ts";

export interface SegmentContext {
  /** Whether the result holds every mask that was considered. @default false */
  readonly hierarchy?: boolean;
  /** Whether the result holds the mask that is drawn where none is left empty. @default false */
  readonly drawn?: boolean;
  readonly signal?: AbortSignal;
}

/** A bank that is ready for images. */
export interface Segmenter {
  readonly model: Model;
  readonly bank: Bank;
  readonly options: SegmentOptions;
  segment(image: MedicalImage, context?: SegmentContext): Promise<Segmentation>;
  /**
   * What is found in a volume: its slices are seen as images are, and drawn together.
   * @throws MiasError as the stack's slices and the store do; the signal's reason when aborted
   */
  segmentVolume(stack: VolumeStack, context?: VolumeContext): Promise<VolumeSegmentation>;
  release(): Promise<void>;
}

/**
 * Makes a bank ready for images.
 * @throws MiasError `bank-model-mismatch` when the bank was made with another model
 */
export async function createSegmenter(model: Model, bank: Bank, options: SegmentOptions): Promise<Segmenter> {
  const ready = await makeReady(model, bank, options);
  return {
    model,
    bank,
    options,
    segment: (image, context = {}) => segmentImage(ready, image, context),
    segmentVolume: (stack, context = {}) => segmentStack(ready, stack, context),
    release: () => ready.index.release(),
  };
}

async function segmentImage(
  ready: Ready,
  image: MedicalImage,
  context: SegmentContext,
): Promise<Segmentation> {
  const started = performance.now();
  context.signal?.throwIfAborted();
  const { calibration } = ready.bank;
  const seen = await seeImage(ready, image);
  const { frame, map, maximum, score } = seen;
  const { pValue, abnormal, empty } = verdictOf(score, calibration.imageScores, ready.options);
  const normalMaxima = calibration.mapMaxima;
  const evidence = { pValue, maximum, alpha: ready.options.alpha, normalMaxima };
  const isDrawn = !empty || context.hierarchy === true || context.drawn === true;
  const { candidates, choice, issues, decodeSeconds } = await drawMasks(ready, seen, image.name, {
    ...(context.signal ? { signal: context.signal } : {}),
    ask: isDrawn ? furtherPeaksOf(evidence) : [],
  });
  const originalMap = mapToOriginal(frame, map);
  const drawn = drawnParts(choice.chosen, candidates, frame, originalMap, evidence);
  const final = empty ? [] : drawn;
  const mask = maskOf(final, frame);
  const { encode, search } = seen.seconds;
  const total = secondsSince(started);
  return {
    name: image.name,
    frame,
    map: originalMap,
    score,
    pValue,
    abnormal,
    centreOfGravity: withinImage(toOriginal(frame, centreOfGravity(map)), frame),
    prompts: final.flatMap(({ index: i }) => promptsToOriginal(candidates[i].promptSet.prompts, frame)),
    mask,
    ...(context.drawn ? { drawn: maskOf(drawn, frame) } : {}),
    ...(context.hierarchy ? { hierarchy: hierarchyOf(candidates, choice.qualities, final, frame) } : {}),
    lesions: findLesions(mask, originalMap, normalMaxima),
    issues: [...seen.issues, ...issues],
    seconds: { encode, search, decode: decodeSeconds, total },
  };
}

/** The nearest point of the image: the map's weights may lie in the padding of a long strip. */
function withinImage({ x, y }: Point, { width, height }: Frame): Point {
  return { x: Math.min(Math.max(x, 0), width - 1), y: Math.min(Math.max(y, 0), height - 1) };
}

function maskOf(parts: readonly DrawnPart[], frame: Frame): Mask {
  if (parts.length === 1) return parts[0].mask;
  return unionOf(
    parts.map(({ mask }) => mask),
    frame.width,
    frame.height,
  );
}

function hierarchyOf(
  candidates: readonly Candidate[],
  qualities: readonly number[],
  final: readonly DrawnPart[],
  frame: Frame,
): HierarchyMask[] {
  return candidates.map(({ promptSet, maskIndex, logits, predictedIou }, i) => ({
    label: promptSet.output === "multi" ? `${promptSet.label}, mask ${maskIndex}` : promptSet.label,
    prompts: promptsToOriginal(promptSet.prompts, frame),
    mask: maskToOriginal(frame, logits),
    quality: qualities[i],
    predictedIou,
    chosen: final.some(({ index }) => index === i),
  }));
}

function promptsToOriginal(prompts: readonly Prompt[], frame: Frame): Prompt[] {
  return prompts.map((prompt) =>
    prompt.kind === "point"
      ? { ...prompt, point: toOriginal(frame, prompt.point) }
      : { ...prompt, box: boxToOriginal(frame, prompt.box) },
  );
}
