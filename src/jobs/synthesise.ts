// Writes a data set of normal images with made anomalies, in the layout of MVTec AD, for choosing settings without
// labels: test/good, test/<kind>, ground_truth/<kind> and manifest.json, which is written last.

import { join, resolve } from "node:path";
import { isMiasError, MiasError } from "../errors.ts";
import { listFolder } from "../io/list-folder.ts";
import { listImages } from "../io/list-images.ts";
import { readImage } from "../io/read-image.ts";
import { makeOutputFolder, writeFileAtomic } from "../io/write-atomic.ts";
import { greyToPng, maskToPng } from "../io/write-raster.ts";
import { issue } from "../issues.ts";
import { toGrey } from "../preprocess/to-grey.ts";
import { stableJson } from "../report/stable-json.ts";
import { SYNTHETIC_KINDS, type SyntheticKind } from "../synthetic/kinds.ts";
import { type PlannedCase, planCases, shuffled } from "../synthetic/plan.ts";
import { syntheticCase } from "../synthetic/synthetic-case.ts";
import type { CallContext, Issue, ScalarMap } from "../types.ts";
import { WRITTEN_BY } from "../version.ts";
import { inDepthOf } from "./in-depth-of.ts";
import { withoutResults } from "./own-results.ts";
import { writeBelow } from "./write-result.ts";

export interface SynthesiseJob extends CallContext {
  /** Folder of the data set. */
  readonly output: string;
  /** Images with anomalies. */
  readonly count: number;
  /** Unaltered images, each another one. @default half of `count`, or as many as there are */
  readonly good?: number;
  /** @default 0 */
  readonly seed?: number;
  /** @default all */
  readonly kinds?: readonly SyntheticKind[];
  /** Normal images that pieces are taken from. @default the inputs */
  readonly donors?: readonly string[];
}

/** One written image with anomalies; paths are below the data set's folder. */
export interface SynthesisedCase {
  readonly file: string;
  readonly mask: string;
  /** The normal image that was altered. */
  readonly source: string;
  readonly kinds: readonly SyntheticKind[];
  /** Pixels of each lesion. */
  readonly areas: readonly number[];
}

/** manifest.json, and what `mias synth --json` prints. */
export interface SynthesiseReport {
  readonly program: { readonly name: string; readonly version: string };
  readonly seed: number;
  readonly kinds: readonly SyntheticKind[];
  readonly anomalous: readonly SynthesisedCase[];
  readonly good: readonly { readonly file: string; readonly source: string }[];
  /** Images that could not be read, and cases in which nothing visible could be made. */
  readonly issues: readonly Issue[];
}

/**
 * Makes anomalies in the normal images that `inputs` name (files, folders, globs, @lists), which take turns in a
 * random order. A folder that holds a data set already is refused. Same inputs, options and version, same bytes.
 * @throws MiasError `usage`, `too-few-images` where no anomaly can be made in any, and as listImages and writeFileAtomic
 * do; the signal's reason when aborted
 */
export async function synthesise(inputs: readonly string[], job: SynthesiseJob): Promise<SynthesiseReport> {
  const { output, count, seed = 0, kinds = SYNTHETIC_KINDS } = job;
  const { files: normals, issues } = await withoutResults(await listImages(inputs));
  const donors =
    job.donors === undefined ? normals : (await withoutResults(await listImages(job.donors))).files;
  const good = goodCount(job, normals.length);
  await makeOutputFolder(output, { files: ["manifest.json"], folders: DATASET_FOLDERS });
  await requireNoDataset(output);
  const run: Run = { output, seed, kinds, normals, donors, issues: [...issues] };
  const total = count + good;
  const tell = (done: number) => {
    job.onProgress?.({ stage: "making anomalies", done, total });
    job.signal?.throwIfAborted();
  };
  const isSame = (normal: number, donor: number) => resolve(normals[normal]) === resolve(donors[donor]);
  const plan = planCases({ seed, count, normals: normals.length, donors: donors.length, isSame });
  const anomalous: SynthesisedCase[] = [];
  const unaltered: SynthesiseReport["good"][number][] = [];
  for (const [index, planned] of plan.entries()) {
    tell(index);
    anomalous.push(...(await unlessUnusable(run, planned.normal, () => writeCase(run, planned, index))));
  }
  requireSome(run, anomalous);
  for (const [index, normal] of shuffled(normals.length, seed).slice(0, good).entries()) {
    tell(count + index);
    unaltered.push(...(await unlessUnusable(run, normal, () => writeGood(run, normal, index))));
  }
  const report = { program: WRITTEN_BY, seed, kinds, anomalous, good: unaltered, issues: run.issues };
  await writeFileAtomic(join(output, "manifest.json"), stableJson(report, ["program", "seed", "kinds"]));
  tell(total);
  return report;
}

const DATASET_FOLDERS: readonly string[] = ["test", "ground_truth"];

/** Files of an earlier run would be taken for this one's. */
async function requireNoDataset(output: string): Promise<void> {
  const { folders } = await listFolder(output);
  const found = folders.find((name) => DATASET_FOLDERS.includes(name));
  if (found === undefined) return;
  const rule = `output ${output} must hold no data set yet`;
  throw new MiasError(
    "usage",
    output,
    `${rule}, got the folder ${found}, delete it or choose another output`,
  );
}

/** A data set without anomalies measures nothing. */
function requireSome({ normals, issues }: Run, anomalous: readonly SynthesisedCase[]): void {
  if (anomalous.length > 0) return;
  const rule = "at least one normal image must be usable for made anomalies";
  const reason = issues.find(({ code }) => code === "image-failed")?.message;
  const got = `got ${normals.length} of which none is (${reason})`;
  throw new MiasError("too-few-images", "input", `${rule}, ${got}; give others`);
}

interface Run {
  readonly output: string;
  readonly seed: number;
  readonly kinds: readonly SyntheticKind[];
  readonly normals: readonly string[];
  readonly donors: readonly string[];
  readonly issues: Issue[];
}

function goodCount({ count, good }: SynthesiseJob, available: number): number {
  if (good === undefined) return Math.min(Math.floor(count / 2), available);
  if (good <= available) return good;
  const rule = `good must be at most the number of normal images, ${available}`;
  throw new MiasError("usage", "good", `${rule}, got ${good}, ask for fewer or name more images`);
}

/** The result in a list of its own; an empty list, and an issue, where the image is to blame. */
async function unlessUnusable<T>(run: Run, normal: number, make: () => Promise<T>): Promise<T[]> {
  try {
    return [await make()];
  } catch (error) {
    if (!isMiasError(error, "image-unsupported", "image-unreadable")) throw error;
    run.issues.push(issue("image-failed", run.normals[normal], error.message));
    return [];
  }
}

async function writeCase(run: Run, planned: PlannedCase, index: number): Promise<SynthesisedCase> {
  const source = run.normals[planned.normal];
  const image = await readImage(source);
  const donors: ScalarMap[] = [];
  for (const donor of planned.donors) donors.push(toGrey(await readImage(run.donors[donor])));
  const { seed, kinds } = run;
  const made = syntheticCase(toGrey(image), donors, { seed, index, kinds });
  const folder = new Set(made.kinds).size === 1 ? made.kinds[0] : "mixed";
  const name = `${folder}/${threeDigits(index)}`;
  const file = `test/${name}.png`;
  const mask = `ground_truth/${name}_mask.png`;
  await writeBelow(run.output, file, await greyToPng(inDepthOf(image, made.image)));
  await writeBelow(run.output, mask, await maskToPng(made.mask));
  return { file, mask, source, kinds: made.kinds, areas: made.areas };
}

async function writeGood(run: Run, normal: number, index: number): Promise<{ file: string; source: string }> {
  const source = run.normals[normal];
  const image = await readImage(source);
  const file = `test/good/${threeDigits(index)}.png`;
  await writeBelow(run.output, file, await greyToPng(inDepthOf(image, toGrey(image))));
  return { file, source };
}

function threeDigits(index: number): string {
  return String(index).padStart(3, "0");
}
