import { Command, Option } from "commander";
import { evaluate } from "../../jobs/evaluate.ts";
import { countedImages, type EvaluateDocument } from "../../report/evaluate-document.ts";
import { measuresOf } from "../../report/evaluate-measures.ts";
import { counted } from "../../report/format.ts";
import type { Measure } from "../../report/measure.ts";
import { MASK_RULES, type MaskRule } from "../../util/mask-rule.ts";
import { type CommandContext, given, toolsOf, wholeNumber } from "../common-options.ts";
import { EXIT } from "../exit.ts";
import { metric, seconds, tableLines } from "../format.ts";
import { maskRule } from "../mask-rule-argument.ts";
import { type SegmentFlags, segmentFlags, withSegmentOptions } from "./segment.ts";

interface EvaluateFlags extends SegmentFlags {
  readonly output?: string;
  readonly maskRule: MaskRule;
  readonly split: "test" | "validation";
  readonly bootstrap: number;
  readonly patients?: string;
  readonly seed?: number;
}

/** More resamples than this would change no digit that is printed. */
const MOST_RESAMPLES = 100_000;

const EXAMPLES = `
Examples:
  mias evaluate brain_mri/ --bank brain.bank
  mias evaluate brain_mri/ --bank brain.bank -o evaluation/ --mask-rule "=255"
  mias evaluate brain_mri/ --bank brain.bank --json > metrics.json
  mias evaluate brain_mri/ --bank brain.bank --patients "^(case_\\d+)_"

Data sets are recognised by their folders: MVTec (train/good, test/<kind>, ground_truth/<kind>), BMAD
(test/Ungood/img and label or anomaly_mask) and MIAS-SAM (test/test/<kind>, test/test_labels/<kind>).
Images are pictures, volumes (NIfTI, NRRD, MetaImage) or DICOM series, a folder each; the mask of a volume or
series NAME is a volume of the same grid, NAME_mask.nii.gz or NAME.nii.gz. Slices of volumes count as images.`;

export function evaluateCommand(context: CommandContext): Command {
  const command = new Command("evaluate")
    .description("segment the test images and volumes of a data set and compare with its masks")
    .argument("<dataset>", "folder of the data set")
    .option("-o, --output <folder>", "folder for masks, maps, overlays, evaluation.json and report.html")
    .option(
      "--mask-rule <rule>",
      `values of a mask file that belong to the lesion: ${MASK_RULES.join(", ")}`,
      maskRule,
      ">0",
    )
    .addOption(new Option("--split <name>", "which images").choices(["test", "validation"]).default("test"))
    .option(
      "--bootstrap <n>",
      "resamples of patients for the 95 % intervals; 0 for none",
      wholeNumber(0, MOST_RESAMPLES),
      1000,
    )
    .option(
      "--patients <rule>",
      "whose image a file is: a regular expression whose first group, in the file's name, is the patient, or " +
        "a file *.csv with lines file,patient (default: names that differ in their last number alone are one " +
        "patient's; with fewer than five patients each image counts as one)",
    )
    .option("--seed <n>", "seed of the resamples (default: 0)", wholeNumber(0));
  return withSegmentOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (dataset: string, flags: EvaluateFlags) => {
      const { console, progress, job } = toolsOf(flags, context);
      const { output, maskRule, split, bootstrap, patients, seed } = flags;
      try {
        const doc = await evaluate(dataset, {
          ...job,
          ...segmentFlags(flags),
          maskRule,
          split,
          bootstrap,
          ...given({ output, patients, seed }),
        });
        progress.stop();
        const parts = [...doc.rows, ...(doc.volumes?.rows ?? [])];
        console.issues([...doc.issues, ...doc.failures, ...parts.flatMap(({ issues }) => issues)]);
        console.result(doc, describeEvaluation(doc, output));
        context.finish(failedCount(doc) > 0 ? EXIT.failed : EXIT.done);
      } finally {
        progress.stop();
      }
    });
}

/** Warnings about the data set stand among the failures, too. */
function failedCount({ failures }: EvaluateDocument): number {
  return failures.filter(({ severity }) => severity === "error").length;
}

/** The metrics as lines. */
export function describeEvaluation(doc: EvaluateDocument, output: string | undefined): string[] {
  const { images, lesions, surface } = doc;
  const { truths, found, predicted } = lesions.anomalous.either;
  const measures = measuresOf(doc).filter(({ detail }) => detail !== true);
  const failed = failedCount(doc);
  return [
    `${countedImages(doc)} (${doc.dataset.layout}), mask rule ${doc.maskRule}${failed > 0 ? `; ${failed} failed` : ""}`,
    ...tableLines([["measure", "value", "95 % interval", "baseline"], ...measures.map(measureCells)]),
    `lesions            ${found} of ${truths} found, by ${counted(predicted, "component")}`,
    `border distances   over ${counted(surface.images, "image")}; ${surface.excluded} with an empty mask or reference left out`,
    `false alarms       ${doc.falseAlarms} of ${images.good} good images have a mask`,
    `intervals          ${intervalText(doc)}`,
    `baseline           brightness alone, nothing learned; oracle: one threshold, chosen with the truth`,
    `time               ${seconds(doc.seconds?.perImage ?? 0)} an image`,
    ...(output === undefined ? [] : [`report in ${output.replace(/\/$/, "")}/report.html`]),
    doc.disclaimer,
  ];
}

function measureCells({ label, value, interval, baseline }: Measure): string[] {
  const range = interval === null ? "" : `${metric(interval.low)} - ${metric(interval.high)}`;
  return [label, metric(value), range, baseline === undefined ? "" : metric(baseline)];
}

function intervalText({ bootstrap }: EvaluateDocument): string {
  if (bootstrap === null) return "none (--bootstrap 0)";
  const none = Object.values(bootstrap.intervals).includes(null)
    ? "; blank where fewer than five of them are anomalous"
    : "";
  return `${bootstrap.resamples} resamples of ${bootstrap.groups} ${bootstrap.by}s${none}`;
}
