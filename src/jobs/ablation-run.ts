// The work of an ablation: encodes every image, then runs the rows, those that share a bank one after another.

import { isMiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { ModelManifest } from "../model/manifest.ts";
import { fitOptions } from "../options.ts";
import { describe, PAPER_SIDE } from "../pipeline/describe.ts";
import { fitBank } from "../pipeline/fit.ts";
import type { Model } from "../pipeline/model.ts";
import { createSegmenter } from "../pipeline/segment.ts";
import { requirePicture } from "../preprocess/require-picture.ts";
import { toGrey } from "../preprocess/to-grey.ts";
import type { AblationResult, AblationSet } from "../report/ablation-document.ts";
import type { Bank, CallContext, ImageSource, Issue, MedicalImage, PresetName } from "../types.ts";
import type { AblationCase, AblationData } from "./ablation-data.ts";
import type { GridRow, RowOptions } from "./ablation-grid.ts";
import { type Answering, baselineAnswers, measureRow, segmenterAnswers } from "./ablation-measures.ts";
import { sizeText } from "./encoding-cache.ts";

/** A row, and the sets of images that it has no result on. */
export interface PendingRow {
  readonly row: GridRow;
  readonly sets: readonly AblationSet[];
}

/** What a row gave on a set. */
export interface RowResult extends Omit<AblationResult, "fingerprint"> {
  readonly row: GridRow;
  readonly set: AblationSet;
}

export interface AblationWork {
  readonly model: Model;
  readonly data: AblationData;
  /** Disk that encodings are to take; 0 where the model keeps none. */
  readonly scratchBytes: number;
  readonly context: CallContext;
  /** Images that could not be read are added. */
  readonly issues: Issue[];
  /** Keeps a result. */
  done(result: RowResult): Promise<void>;
}

/** The images that could be read. */
type Cases = Readonly<Record<AblationSet, readonly AblationCase[]>>;

/** Called before a piece of work: tells how far it is, and ends it when it was aborted. */
type Step = () => void;

/** The presets by which each image gets an input of its own. */
export function presetsToEncode({ input }: ModelManifest, pending: readonly PendingRow[]): PresetName[] {
  const presets = new Set(pending.flatMap(({ row }) => (row.options ? [row.options.fit.preset] : [])));
  return input.size === PAPER_SIDE ? [...presets].slice(0, 1) : [...presets];
}

/** Runs the rows and hands each result to `done`. The signal's reason when aborted. */
export async function runRows(work: AblationWork, pending: readonly PendingRow[]): Promise<void> {
  if (pending.length === 0) return;
  const cases = await readableCases(work, pending);
  const groups = groupsByBank(pending);
  const step = createStep(work.context, `running ${pending.length} settings`, stepsOf(work, groups, cases));
  for (const group of groups) await runGroup(work, group, cases, step);
  step();
}

function createStep({ signal, onProgress }: CallContext, stage: string, total: number): Step {
  let done = 0;
  return () => {
    onProgress?.({ stage, done: Math.min(done++, total), total });
    signal?.throwIfAborted();
  };
}

/** Reads every image, and encodes it where encodings are kept; those that cannot be used become issues. */
async function readableCases(work: AblationWork, pending: readonly PendingRow[]): Promise<Cases> {
  const { model, data, scratchBytes, context } = work;
  const presets = scratchBytes > 0 ? presetsToEncode(model.manifest, pending) : [];
  const options = presets.map((preset) => fitOptions(model.features, { preset }));
  const stage = scratchBytes > 0 ? `encoding, ${sizeText(scratchBytes)} of disk` : "reading";
  const step = createStep(context, stage, data.learn.length + data.validation.length + data.test.length);
  const isReadable = async (name: string, read: () => Promise<MedicalImage>) => {
    step();
    try {
      const image = await read();
      if (options.length === 0) requirePicture(image, toGrey(image));
      for (const option of options) await describe(model, option, image);
      return true;
    } catch (error) {
      if (!isMiasError(error) || error.code === "output-unwritable") throw error;
      work.issues.push(issue("image-failed", name, error.message));
      return false;
    }
  };
  const readable = async (cases: readonly AblationCase[]) => {
    const kept: AblationCase[] = [];
    for (const item of cases) {
      if (await isReadable(item.name, async () => (await item.read()).image)) kept.push(item);
    }
    return kept;
  };
  for (const { name, read } of data.learn) await isReadable(name, read);
  const cases = { validation: await readable(data.validation), test: await readable(data.test) };
  step();
  return cases;
}

/** The rows of each bank, in order of their first; those without a bank are one group. */
function groupsByBank(pending: readonly PendingRow[]): PendingRow[][] {
  const groups = new Map<string, PendingRow[]>();
  for (const item of pending) {
    const key = JSON.stringify(item.row.options?.fit ?? null);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  return [...groups.values()];
}

function stepsOf({ data }: AblationWork, groups: readonly PendingRow[][], cases: Cases): number {
  const banks = groups.filter(([{ row }]) => row.options !== null).length;
  const sets = groups.flat().flatMap((item) => item.sets);
  return banks * data.learn.length + sets.reduce((sum, set) => sum + cases[set].length, 0);
}

async function runGroup(
  work: AblationWork,
  group: readonly PendingRow[],
  cases: Cases,
  step: Step,
): Promise<void> {
  const fit = group[0].row.options?.fit;
  if (fit === undefined) {
    for (const item of group) await runRow(work, item, baselineAnswers, cases, step, []);
    return;
  }
  const { model, data, context } = work;
  const { signal } = context;
  const sources = data.learn.map((source) => stepping(source, step));
  const { bank, issues } = await fitBank(model, sources, fit, signal ? { signal } : {});
  for (const item of group) {
    await withSegmenter(model, bank, item.row.options as RowOptions, (answering) =>
      runRow(work, item, answering, cases, step, issues),
    );
  }
}

function stepping(source: ImageSource, step: Step): ImageSource {
  const read = (signal?: AbortSignal) => {
    step();
    return source.read(signal);
  };
  return { ...source, read };
}

async function withSegmenter(
  model: Model,
  bank: Bank,
  { segment }: RowOptions,
  use: (answering: Answering) => Promise<void>,
): Promise<void> {
  const segmenter = await createSegmenter(model, bank, segment);
  try {
    await use(segmenterAnswers(segmenter));
  } finally {
    await segmenter.release();
  }
}

async function runRow(
  { done }: AblationWork,
  { row, sets }: PendingRow,
  answering: Answering,
  cases: Cases,
  step: Step,
  fitIssues: readonly Issue[],
): Promise<void> {
  const ofFit = fitIssues.filter(({ code }) => code === "few-normal-images");
  for (const set of sets) {
    const { measures, issues } = await measureRow(answering, cases[set], step);
    await done({ row, set, measures, issues: [...ofFit, ...issues] });
  }
}
