// What a folder of our own results is: the run that wrote it, by its document.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { PROGRAM_NAME } from "../version.ts";

/** A run of `segment` or `evaluate`, as its document tells of it. */
export interface RunInspection {
  readonly command: "segment" | "evaluate";
  /** That wrote it. */
  readonly version: string;
  readonly interrupted: boolean;
  readonly done: number;
  readonly total: number;
  /** Numbers of images and volumes with a result; of an evaluation slices of volumes are among the images. */
  readonly images: number;
  readonly volumes: number;
  /** Images and volumes that are abnormal. */
  readonly abnormal: number;
  readonly failed: number;
  readonly bank: { readonly file: string; readonly preset: string; readonly model: string };
}

const row = v.looseObject({ abnormal: v.boolean() });
const run = {
  program: v.looseObject({ name: v.literal(PROGRAM_NAME), version: v.string() }),
  ...{ interrupted: v.boolean(), done: v.number(), total: v.number() },
  bank: v.looseObject({ file: v.string(), preset: v.string(), model: v.string() }),
  failures: v.array(v.looseObject({ severity: v.string() })),
};
const segmentation = v.looseObject({ ...run, images: v.array(row), volumes: v.array(row) });
const volumes = v.nullable(v.looseObject({ rows: v.array(row) }));
const evaluation = v.looseObject({ ...run, rows: v.array(row), volumes });

/** The run whose results `folder` holds, or undefined where it holds none of ours. */
export async function inspectResults(folder: string): Promise<RunInspection | undefined> {
  const segmented = v.safeParse(segmentation, await readJson(join(folder, "results.json")));
  if (segmented.success) {
    const { images, volumes } = segmented.output;
    return runOf("segment", segmented.output, images, volumes);
  }
  const evaluated = v.safeParse(evaluation, await readJson(join(folder, "evaluation.json")));
  if (!evaluated.success) return undefined;
  const { rows, volumes } = evaluated.output;
  return runOf("evaluate", evaluated.output, rows, volumes?.rows ?? []);
}

type Rows = readonly v.InferOutput<typeof row>[];
type Run = Pick<v.InferOutput<typeof segmentation>, keyof typeof run>;

function runOf(command: RunInspection["command"], found: Run, images: Rows, volumes: Rows): RunInspection {
  const { program, interrupted, done, total, bank, failures } = found;
  return {
    ...{ command, version: program.version, interrupted, done, total },
    ...{ images: images.length, volumes: volumes.length },
    abnormal: [...images, ...volumes].filter(({ abnormal }) => abnormal).length,
    failed: failures.filter(({ severity }) => severity === "error").length,
    bank: { file: bank.file, preset: bank.preset, model: bank.model },
  };
}

/** Undefined for what is missing or no JSON: it is no document of ours then. */
async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch {
    return undefined;
  }
}
