import { Command, InvalidArgumentError, Option } from "commander";
import { isMiasError } from "../../errors.ts";
import { evaluate } from "../../jobs/evaluate.ts";
import type { EvaluateDocument } from "../../report/evaluate-document.ts";
import { MASK_RULES, type MaskRule, parseMaskRule } from "../../util/mask-rule.ts";
import { type CommandContext, given, toolsOf } from "../common-options.ts";
import { EXIT } from "../exit.ts";
import { metric, seconds } from "../format.ts";
import { type SegmentFlags, segmentFlags, withSegmentOptions } from "./segment.ts";

interface EvaluateFlags extends SegmentFlags {
  readonly output?: string;
  readonly maskRule: MaskRule;
  readonly split: "test" | "validation";
}

const EXAMPLES = `
Examples:
  mias evaluate brain_mri/ --bank brain.bank
  mias evaluate brain_mri/ --bank brain.bank -o evaluation/ --mask-rule "=255"
  mias evaluate brain_mri/ --bank brain.bank --json > metrics.json

Data sets are recognised by their folders: MVTec (train/good, test/<kind>, ground_truth/<kind>), BMAD
(test/Ungood/img and label or anomaly_mask) and MIAS-SAM (test/test/<kind>, test/test_labels/<kind>).`;

export function evaluateCommand(context: CommandContext): Command {
  const command = new Command("evaluate")
    .description("segment the test images of a data set and compare with its masks")
    .argument("<dataset>", "folder of the data set")
    .option("-o, --output <folder>", "folder for masks, maps, overlays, evaluation.json and report.html")
    .option(
      "--mask-rule <rule>",
      `values of a mask file that belong to the lesion: ${MASK_RULES.join(", ")}`,
      maskRule,
      ">0",
    )
    .addOption(new Option("--split <name>", "which images").choices(["test", "validation"]).default("test"));
  return withSegmentOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (dataset: string, flags: EvaluateFlags) => {
      const { console, progress, job } = toolsOf(flags, context);
      const { output, maskRule, split } = flags;
      try {
        const doc = await evaluate(dataset, {
          ...job,
          ...segmentFlags(flags),
          maskRule,
          split,
          ...given({ output }),
        });
        progress.stop();
        console.issues([...doc.failures, ...doc.rows.flatMap((row) => row.issues)]);
        console.result(doc, describeEvaluation(doc, output));
        context.finish(doc.failures.some(({ severity }) => severity === "error") ? EXIT.failed : EXIT.done);
      } finally {
        progress.stop();
      }
    });
}

function maskRule(text: string): MaskRule {
  try {
    return parseMaskRule(text);
  } catch (error) {
    if (isMiasError(error)) throw new InvalidArgumentError(`must be one of ${MASK_RULES.join(", ")}`);
    throw error;
  }
}

/** The metrics as lines. */
export function describeEvaluation(doc: EvaluateDocument, output: string | undefined): string[] {
  const { images, image, pixel, dice } = doc;
  return [
    `${images.good} good and ${images.anomalous} anomalous images (${doc.dataset.layout}), mask rule ${doc.maskRule}`,
    `image AUROC        ${metric(image.auroc)}`,
    `pixel AUROC        ${metric(pixel.auroc)}`,
    `AUPRO (FPR 0.3)    ${metric(pixel.aupro)}`,
    `DICE, mean         ${metric(dice.anomalousMean)}  over anomalous images, final masks`,
    `DICE, data set     ${metric(dice.dataset)}`,
    `DICE, oracle       ${metric(dice.bestThreshold)}  one threshold of the map, chosen with the truth`,
    `false alarms       ${doc.falseAlarms} of ${images.good} good images have a mask`,
    `time               ${seconds(doc.seconds?.perImage ?? 0)} an image`,
    ...(output === undefined ? [] : [`report in ${output.replace(/\/$/, "")}/report.html`]),
    doc.disclaimer,
  ];
}
