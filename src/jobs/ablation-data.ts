// The images of an ablation: train/good in two parts by groups, one that is learned and one that no fit sees. From the
// second come the validation images: with anomalies made in them, and unaltered. The test images stay for the end.

import { relative, resolve, sep } from "node:path";
import { isMiasError, MiasError } from "../errors.ts";
import type { Dataset, DatasetCase } from "../io/dataset-layout.ts";
import { issue } from "../issues.ts";
import { foldsOf } from "../pipeline/folds.ts";
import { toGrey } from "../preprocess/to-grey.ts";
import { type PlannedCase, planCases } from "../synthetic/plan.ts";
import { syntheticCase } from "../synthetic/synthetic-case.ts";
import type { CallContext, ImageSource, Issue } from "../types.ts";
import type { MaskRule } from "../util/mask-rule.ts";
import { inDepthOf } from "./in-depth-of.ts";
import { openFiles } from "./open.ts";
import { type JudgedImage, readCase } from "./read-case.ts";

export interface AblationCase {
  readonly name: string;
  readonly anomalous: boolean;
  read(): Promise<JudgedImage>;
}

export interface AblationData {
  readonly learn: readonly ImageSource[];
  readonly validation: readonly AblationCase[];
  /** Empty unless asked for. */
  readonly test: readonly AblationCase[];
  /** Names all that decides the images of a set, those that are learned among them. */
  readonly identity: { readonly validation: string; readonly test: string };
  readonly issues: readonly Issue[];
}

export interface DataOptions extends CallContext {
  readonly count: number;
  readonly seed: number;
  readonly test: boolean;
  readonly maskRule: MaskRule;
}

/** Share of train/good that no fit sees; more, up to half, where that would be fewer than 20 images. */
const VALIDATION_SHARE = 0.2;
const ENOUGH_IMAGES = 20;
const FEWEST_IMAGES = 4;

/** The images that no fit sees, whole folds of them, and the others. */
function validationSplit(files: readonly ImageSource[], seed: number): [ImageSource[], ImageSource[]] {
  const folds = foldsOf(
    files.map(({ name }) => name),
    seed,
  );
  const half = Math.floor(files.length / 2);
  const wished = Math.max(VALIDATION_SHARE * files.length, Math.min(ENOUGH_IMAGES, half));
  let kept = 0;
  while (folds.filter((fold) => fold < kept).length < wished) kept++;
  return [files.filter((_, i) => folds[i] < kept), files.filter((_, i) => folds[i] >= kept)];
}

/**
 * Splits a data set and makes the validation images, which stay in memory with 2 or 3 bytes a pixel.
 * @throws MiasError `too-few-images`, `no-images`; the signal's reason when aborted
 */
export async function ablationData(dataset: Dataset, options: DataOptions): Promise<AblationData> {
  const { root, train } = dataset;
  if (train.length < FEWEST_IMAGES) {
    const rule = `train/good of ${root} must have ${FEWEST_IMAGES} normal images or more`;
    throw new MiasError("too-few-images", root, `${rule}, got ${train.length}; give more`);
  }
  const files = await openFiles(train);
  const [normals, learn] = validationSplit(files, options.seed);
  const made = await madeCases(normals, learn, options);
  const validation = [...made.cases, ...normals.map(goodCase)];
  const learned = stampsBelow(root, learn);
  return {
    learn,
    validation,
    test: options.test ? dataset.test.map((item) => fileCase(item, options.maskRule)) : [],
    identity: {
      validation: JSON.stringify([learned, stampsBelow(root, normals), options.count, options.seed]),
      test: JSON.stringify([learned, stampsBelow(root, await testFiles(dataset)), options.maskRule]),
    },
    issues: [...(options.test ? dataset.issues : []), ...made.issues],
  };
}

/** Names below the data set, with what changes as their content does. */
function stampsBelow(root: string, files: readonly ImageSource[]): (readonly [string, string])[] {
  const below = (name: string) => relative(resolve(root), resolve(name)).split(sep).join("/");
  return files.map(({ name, stamp }) => [below(name), stamp ?? ""]);
}

async function testFiles({ test }: Dataset): Promise<ImageSource[]> {
  return openFiles(test.flatMap(({ image, mask }) => (mask === undefined ? [image] : [image, mask])));
}

/** Makes anomalies in `normals`, with pieces of the images that are learned. */
async function madeCases(
  normals: readonly ImageSource[],
  donors: readonly ImageSource[],
  { count, seed, signal, onProgress }: DataOptions,
): Promise<{ cases: AblationCase[]; issues: Issue[] }> {
  const cases: AblationCase[] = [];
  const issues: Issue[] = [];
  const plan = planCases({ seed, count, normals: normals.length, donors: donors.length });
  for (const [index, planned] of plan.entries()) {
    onProgress?.({ stage: "making anomalies", done: index, total: count });
    signal?.throwIfAborted();
    try {
      cases.push(await madeCase(normals, donors, planned, seed, index));
    } catch (error) {
      if (!isMiasError(error, "image-unsupported", "image-unreadable")) throw error;
      issues.push(issue("image-failed", normals[planned.normal].name, error.message));
    }
  }
  onProgress?.({ stage: "making anomalies", done: count, total: count });
  if (cases.length > 0) return { cases, issues };
  const rule = "an anomaly must be visible in one validation image at least, got none";
  throw new MiasError("no-images", "validation", `${rule} (${issues[0]?.message}); check train/good`);
}

async function madeCase(
  normals: readonly ImageSource[],
  donors: readonly ImageSource[],
  planned: PlannedCase,
  seed: number,
  index: number,
): Promise<AblationCase> {
  const source = await normals[planned.normal].read();
  const pieces = await Promise.all(planned.donors.map(async (donor) => toGrey(await donors[donor].read())));
  const { image, mask } = syntheticCase(toGrey(source), pieces, { seed, index });
  const name = `made anomaly ${index} in ${source.name}`;
  const judged = { image: { ...inDepthOf(source, image), name, issues: [] }, truth: mask };
  return { name, anomalous: true, read: async () => judged };
}

function goodCase(source: ImageSource): AblationCase {
  return { name: source.name, anomalous: false, read: async () => ({ image: await source.read() }) };
}

function fileCase(item: DatasetCase, rule: MaskRule): AblationCase {
  return { name: item.image, anomalous: item.anomalous, read: () => readCase(item, rule) };
}
