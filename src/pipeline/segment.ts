// One image: encoder -> patch embeddings -> distances -> anomaly map -> prompts -> decoder -> choice ->
// refinement -> final mask.

import { MiasError } from "../errors.ts";
import { boxToOriginal, mapToOriginal, maskToOriginal, toOriginal } from "../geometry/frame.ts";
import { choosers } from "../mask/choose.ts";
import { findLesions } from "../mask/lesions.ts";
import { unionOf } from "../mask/union.ts";
import { decode } from "../model/decoder.ts";
import { centreOfGravity } from "../prompt/centre-of-gravity.ts";
import type {
  Bank,
  Candidate,
  FeatureMap,
  Frame,
  HierarchyMask,
  Issue,
  Mask,
  MedicalImage,
  Point,
  Prompt,
  PromptSet,
  ScalarMap,
  Segmentation,
  SegmentOptions,
} from "../types.ts";
import { mapMaximum } from "../util/map-statistics.ts";
import { type BankIndex, createBankIndex } from "./bank-index.ts";
import { imageScore, standardMap } from "./calibrate.ts";
import { describe } from "./describe.ts";
import { type DrawnPart, drawnParts, furtherLevel } from "./drawn-parts.ts";
import { createExpectation, type Expectation } from "./expectation.ts";
import { fusedDistances } from "./held-out.ts";
import type { Model } from "./model.ts";
import { planPrompts, promptStrategies } from "./prompt-strategies.ts";
import { choose, type Drawn, planRefinement, refinements } from "./refinements.ts";
import { verdictOf } from "./verdict.ts";

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
  release(): Promise<void>;
}

/**
 * Makes a bank ready for images.
 * @throws MiasError `bank-model-mismatch` when the bank was made with another model
 */
export async function createSegmenter(model: Model, bank: Bank, options: SegmentOptions): Promise<Segmenter> {
  checkModel(model, bank);
  const index = await createBankIndex(model.runtime, bank);
  const expectation = createExpectation(bank.heldOut, bank.calibration, bank.options);
  const ready: Ready = { model, bank, index, expectation, options };
  return {
    model,
    bank,
    options,
    segment: (image, context = {}) => segmentImage(ready, image, context),
    release: () => index.release(),
  };
}

function checkModel(model: Model, bank: Bank): void {
  if (bank.provenance.modelSha256 === model.manifest.files.encoder.sha256) return;
  const { modelId, modelSha256 } = bank.provenance;
  throw new MiasError(
    "bank-model-mismatch",
    "bank",
    `the bank was made with model ${modelId} (sha256 ${modelSha256.slice(0, 12)}), but the model in use is ` +
      `${model.manifest.id} (${model.manifest.files.encoder.sha256.slice(0, 12)}); use that model, or make the bank again`,
  );
}

/** All that images are segmented with. */
interface Ready {
  readonly model: Model;
  readonly bank: Bank;
  readonly index: BankIndex;
  readonly expectation: Expectation;
  readonly options: SegmentOptions;
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
  const { frame, map, score } = seen;
  const { pValue, abnormal, empty } = verdictOf(score, calibration.imageScores, ready.options);
  const level = { pValue, alpha: ready.options.alpha, normalMaxima: calibration.mapMaxima };
  const isDrawn = !empty || context.hierarchy || context.drawn;
  const several = context.hierarchy === true || furtherLevel(level) > 0;
  const { candidates, choice, issues, decodeSeconds } = await draw(ready, seen, image.name, {
    ...(context.signal ? { signal: context.signal } : {}),
    ask: isDrawn === true ? (several ? "all" : "first") : "none",
  });
  const originalMap = mapToOriginal(frame, map);
  const drawn = drawnParts(choice.chosen, candidates, frame, originalMap, level);
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
    lesions: findLesions(mask, originalMap, level.normalMaxima),
    issues: [...seen.issues, ...issues],
    seconds: { encode, search, decode: decodeSeconds, total },
  };
}

/** What is known of an image before anything is drawn. */
interface Seen {
  readonly frame: Frame;
  readonly embedding: FeatureMap;
  /** Model frame. */
  readonly map: ScalarMap;
  readonly score: number;
  readonly issues: readonly Issue[];
  readonly seconds: { readonly encode: number; readonly search: number };
}

/** image -> patch embeddings -> distances -> anomaly map. */
async function seeImage(
  { model, bank: { options, calibration }, index, expectation }: Ready,
  image: MedicalImage,
): Promise<Seen> {
  const { frame, embedding, layers, axis, issues, encodeSeconds } = await describe(model, options, image);
  const started = performance.now();
  const distances = await index.distances(layers, calibration.mirrorScale === null ? {} : { axis: axis() });
  const search = secondsSince(started);
  const geometry = { rows: layers[0].rows, columns: layers[0].columns, size: frame.size };
  const beyond = expectation(fusedDistances(distances, calibration), distances.signature);
  const map = standardMap(beyond, calibration, geometry, options);
  const score = imageScore(distances.searches, mapMaximum(map).value, options);
  return { frame, embedding, map, score, issues, seconds: { encode: encodeSeconds, search } };
}

interface DrawCall {
  /** Which lesions the decoder is asked for. */
  readonly ask: "all" | "first" | "none";
  readonly signal?: AbortSignal;
}

interface Drawing extends Drawn {
  readonly issues: readonly Issue[];
  readonly decodeSeconds: number;
}

/** anomaly map -> prompts -> masks -> choice, and what a second look makes of it. */
async function draw(
  { model, options }: Ready,
  { embedding, map }: Seen,
  name: string,
  { ask, signal }: DrawCall,
): Promise<Drawing> {
  const { manifest } = model;
  const plan = planPrompts(options, manifest, name);
  const { refinement, issues } = planRefinement(options, manifest, name);
  let decodeSeconds = 0;
  const decodeSets = async (sets: readonly PromptSet[]) => {
    signal?.throwIfAborted();
    const started = performance.now();
    const answers = await decode(model.decoder, manifest, embedding, sets);
    decodeSeconds += secondsSince(started);
    return answers;
  };
  const prompts = ask === "none" ? [] : promptStrategies[plan.strategy](map, manifest, ask === "all");
  const tools = { manifest, map, chooser: choosers[plan.chooser], decode: decodeSets };
  const first = choose((await decodeSets(prompts)).flat(), tools);
  const refined = await refinements[refinement](first, tools);
  return { ...refined, issues: [...plan.issues, ...issues], decodeSeconds };
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

function secondsSince(started: number): number {
  return (performance.now() - started) / 1000;
}
