// Runs a grid of settings on a data set. Each image is encoded once; settings that differ in prompts and choosers alone
// share a bank. Results are written after every row, and a row whose result is there already is not run again.

import { join } from "node:path";
import { readDataset } from "../io/dataset-layout.ts";
import { makeOutputFolder } from "../io/write-atomic.ts";
import { cachedModel, encodingBytes } from "../pipeline/cached-model.ts";
import type { Model } from "../pipeline/model.ts";
import { type EncoderTime, timedModel } from "../pipeline/timed-model.ts";
import type { AblationDocument, AblationResult, AblationSet } from "../report/ablation-document.ts";
import type { MaskRule } from "../util/mask-rule.ts";
import { DISCLAIMER, WRITTEN_BY } from "../version.ts";
import { type AblationData, ablationData } from "./ablation-data.ts";
import { ablationGrid, changesOf, chosenRows, type GridRow, type RowOptions } from "./ablation-grid.ts";
import { earlierResults, resultFingerprint } from "./ablation-results.ts";
import { type AblationWork, type PendingRow, presetsToEncode, runRows } from "./ablation-run.ts";
import { type EncodingCache, openEncodingCache, requireRoom } from "./encoding-cache.ts";
import { type JobOptions, openModel } from "./open.ts";
import { versions } from "./versions.ts";
import { ABLATION_DOCUMENTS, writeAblation } from "./write-ablation.ts";

export interface AblateJob extends JobOptions {
  /** Folder for ablation.json, .md, .csv, .svg and report.html. */
  readonly output: string;
  /** Names of rows of the grid. @default all */
  readonly rows?: readonly string[];
  /** Images with made anomalies. @default 60 */
  readonly count?: number;
  /** Of the split, the made anomalies, the sampling and the hold-out. @default 0 */
  readonly seed?: number;
  /** Whether the test images are measured too; settings are not chosen by them. @default false */
  readonly test?: boolean;
  /** Which values of a test image's mask file belong to the lesion. @default ">0" */
  readonly maskRule?: MaskRule;
  /** Whether encodings are kept on disk, below `output`, until all rows are done. @default true */
  readonly cache?: boolean;
}

/** Folder of the encodings, below the output. */
const SCRATCH = ".mias-encodings";

/** All that makes the document. */
interface Ablation {
  readonly job: AblateJob;
  readonly dataset: AblationDocument["dataset"];
  readonly testImages: number;
  readonly model: Model;
  readonly grid: readonly GridRow[];
  readonly data: AblationData;
  readonly scratchBytes: number;
  /** What this call has to run. */
  readonly pending: readonly PendingRow[];
  /** Of each row and set. */
  readonly fingerprints: ReadonlyMap<GridRow, Readonly<Record<AblationSet, string>>>;
  /** By fingerprint. */
  readonly results: Map<string, AblationResult>;
}

/**
 * Runs the rows that have no result yet, on made anomalies and, if asked for, on the test images.
 * @throws MiasError `dataset-unrecognised`, `too-few-images`, `usage`, `output-unwritable`; the signal's reason when
 * aborted, after which the same call goes on with the row at hand
 */
export async function ablate(root: string, job: AblateJob): Promise<AblationDocument> {
  const dataset = await readDataset(root);
  const model = await openModel(job);
  try {
    const { count = 60, seed = 0, test = false, maskRule = ">0" } = job;
    const grid = ablationGrid(model.features, seed);
    const chosen = job.rows === undefined ? grid : chosenRows(grid, job.rows);
    await makeOutputFolder(job.output, { files: ABLATION_DOCUMENTS, folders: [SCRATCH] });
    const data = await ablationData(dataset, { ...job, count, seed, test, maskRule });
    const fingerprints = await fingerprintsOf(model, grid, data);
    const results = new Map(await earlierResults(join(job.output, "ablation.json")));
    const sets: AblationSet[] = test ? ["validation", "test"] : ["validation"];
    const asked = chosen.map((row) => ({ row, sets }));
    const pending = lacking({ fingerprints, results }, asked);
    const ablation: Ablation = {
      ...{ job, dataset: { name: root, layout: dataset.layout }, testImages: dataset.test.length, model },
      ...{ grid, data, fingerprints, results, pending },
      scratchBytes: scratchBytes(model, data, pending, job),
    };
    return await runPending(ablation);
  } finally {
    await model.release();
  }
}

async function fingerprintsOf(
  model: Model,
  grid: readonly GridRow[],
  data: AblationData,
): Promise<Ablation["fingerprints"]> {
  const pairs = grid.map(async (row) => {
    const validation = await resultFingerprint(model, row, data, "validation");
    return [row, { validation, test: await resultFingerprint(model, row, data, "test") }] as const;
  });
  return new Map(await Promise.all(pairs));
}

type Results = Pick<Ablation, "fingerprints" | "results">;

function resultOf(
  { fingerprints, results }: Results,
  row: GridRow,
  set: AblationSet,
): AblationResult | undefined {
  return results.get(fingerprints.get(row)?.[set] ?? "");
}

/** The rows and sets of these that have no result. */
function lacking(results: Results, rows: readonly PendingRow[]): PendingRow[] {
  return rows.flatMap(({ row, sets }) => {
    const left = sets.filter((set) => resultOf(results, row, set) === undefined);
    return left.length > 0 ? [{ row, sets: left }] : [];
  });
}

/** Whether every result that was found is of these images, this seed and this version. */
function holdsOwnResults({ fingerprints, results }: Results): boolean {
  const own = new Set([...fingerprints.values()].flatMap(({ validation, test }) => [validation, test]));
  return [...results.keys()].every((fingerprint) => own.has(fingerprint));
}

/** Most bytes that the encodings of this run can take; 0 where none are needed or kept. */
function scratchBytes(
  { manifest }: Model,
  { learn, validation, test }: AblationData,
  pending: readonly PendingRow[],
  { cache = true }: AblateJob,
): number {
  const inputs = presetsToEncode(manifest, pending).length;
  return cache ? inputs * (learn.length + validation.length + test.length) * encodingBytes(manifest) : 0;
}

async function runPending(ablation: Ablation): Promise<AblationDocument> {
  const { job, model, data, scratchBytes, fingerprints, results, pending } = ablation;
  const timed = timedModel(model);
  const cache = scratchBytes > 0 ? await openScratch(job.output, scratchBytes) : undefined;
  const work: AblationWork = {
    ...{ model: cache ? cachedModel(timed.model, cache) : timed.model, data, scratchBytes, context: job },
    done: async ({ row, set, ...result }) => {
      const fingerprint = fingerprints.get(row)?.[set] ?? "";
      results.set(fingerprint, { fingerprint, ...result });
      await writeAblation(job.output, documentOf(ablation, timed.time(), work.issues));
    },
    issues: [...data.issues],
  };
  // A run that is killed leaves documents that say what they lack. Results of another call stay until there is one of this.
  if (pending.length > 0 && holdsOwnResults(ablation)) {
    await writeAblation(job.output, documentOf(ablation, timed.time(), work.issues));
  }
  await runRows(work, pending);
  await cache?.remove();
  const doc = documentOf(ablation, timed.time(), work.issues);
  await writeAblation(job.output, doc);
  return doc;
}

async function openScratch(output: string, bytes: number): Promise<EncodingCache> {
  await requireRoom(output, bytes);
  return openEncodingCache(join(output, SCRATCH));
}

function documentOf(
  ablation: Ablation,
  { runs, seconds }: EncoderTime,
  issues: AblationDocument["issues"],
): AblationDocument {
  const { job, dataset, testImages, model, grid, data, scratchBytes } = ablation;
  const defaults = grid[0].options as RowOptions;
  const pending = lacking(ablation, ablation.pending);
  const rows = grid.map((row) => {
    const { name, options } = row;
    const texts = { name, changes: changesOf(row, defaults), options };
    const found = (set: AblationSet) => resultOf(ablation, row, set) ?? null;
    return { ...texts, validation: found("validation"), test: found("test") };
  });
  const shown = rows.filter(({ validation, test }) => validation !== null || test !== null);
  const synthetic = data.validation.filter(({ anomalous }) => anomalous).length;
  return {
    program: WRITTEN_BY,
    disclaimer: DISCLAIMER,
    interrupted: pending.length > 0,
    pending: pending.map(({ row }) => row.name),
    dataset,
    model: `${model.manifest.id} ${model.manifest.version}`,
    seed: job.seed ?? 0,
    images: {
      learned: data.learn.length,
      validationGood: data.validation.length - synthetic,
      synthetic,
      test: shown.some(({ test }) => test !== null) ? testImages : null,
    },
    encoder: { runs, secondsPerRun: runs > 0 ? seconds / runs : null, scratchBytes },
    rows: shown,
    issues,
    versions: versions(),
  };
}
