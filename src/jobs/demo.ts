import { join } from "node:path";
import { makeOutputFolder } from "../io/write-atomic.ts";
import { greyToPng, maskToPng } from "../io/write-raster.ts";
import { type PhantomDatasetOptions, phantomDataset } from "../phantom/dataset.ts";
import type { LesionContrast } from "../phantom/lesion-strength.ts";
import type { EvaluateDocument } from "../report/evaluate-document.ts";
import { evaluate } from "./evaluate.ts";
import { type FitReport, fit } from "./fit.ts";
import type { JobOptions } from "./open.ts";
import { segmentToFolder } from "./segment-folder.ts";
import { writeBelow } from "./write-result.ts";

export interface DemoJob extends JobOptions {
  /** Folder for the phantoms, the bank and the results. */
  readonly output: string;
  /** @default 0 */
  readonly seed?: number;
  /** How far the lesions of the phantoms stand out. @default "clear" */
  readonly contrast?: LesionContrast;
}

export interface DemoReport {
  readonly dataset: string;
  readonly bank: string;
  readonly segmentReport: string;
  readonly evaluateReport: string;
  readonly fit: FitReport;
  readonly evaluation: EvaluateDocument;
}

const COUNTS = { trainGood: 60, testGood: 10, testAnomalous: 20 };

/** Makes phantoms from a seed, learns the normal ones, segments and evaluates the others. */
export async function demo(job: DemoJob): Promise<DemoReport> {
  const { output, seed = 0, contrast = "clear", ...common } = job;
  const dataset = join(output, "phantoms");
  const bank = join(output, "phantoms.bank");
  await makeOutputFolder(output, {
    folders: ["phantoms", "segmented", "evaluated"],
    files: ["phantoms.bank"],
  });
  await writePhantoms(dataset, { seed, contrast, ...COUNTS }, common);
  const fitted = await fit([join(dataset, "train", "good")], { ...common, output: bank, options: { seed } });
  await segmentToFolder([join(dataset, "test")], { ...common, bank, output: join(output, "segmented") });
  const evaluation = await evaluate(dataset, { ...common, bank, output: join(output, "evaluated") });
  return {
    dataset,
    bank,
    segmentReport: join(output, "segmented", "report.html"),
    evaluateReport: join(output, "evaluated", "report.html"),
    fit: fitted,
    evaluation,
  };
}

async function writePhantoms(
  root: string,
  options: PhantomDatasetOptions,
  { signal, onProgress }: JobOptions,
): Promise<void> {
  const total = options.trainGood + options.testGood + options.testAnomalous;
  let done = 0;
  for (const item of phantomDataset(options)) {
    signal?.throwIfAborted();
    onProgress?.({ stage: "making phantoms", done: done++, total });
    await writeBelow(root, item.path, await greyToPng(item.image));
    if (item.mask && item.maskPath) await writeBelow(root, item.maskPath, await maskToPng(item.mask));
  }
  onProgress?.({ stage: "making phantoms", done, total });
}
