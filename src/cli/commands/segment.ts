import { Command, Option } from "commander";
import { segmentToFolder } from "../../jobs/segment.ts";
import { MAP_FORMATS, type MapFormat } from "../../jobs/write-result.ts";
import { segmentOptionsSchema } from "../../options.ts";
import { isDecidable, leavesEmpty, type ResultsDocument } from "../../report/results.ts";
import type { ChooserName, EmptyRule, PromptStrategyName, RefinementName } from "../../types.ts";
import {
  type CommandContext,
  type CommonOptions,
  given,
  numberWithin,
  toolsOf,
  withCommonOptions,
} from "../common-options.ts";
import { EXIT } from "../exit.ts";
import { seconds } from "../format.ts";

/** Options that `segment` and `evaluate` share. */
export interface SegmentFlags extends CommonOptions {
  readonly bank: string;
  readonly prompt?: PromptStrategyName;
  readonly chooser?: ChooserName;
  readonly refine?: RefinementName;
  readonly alpha?: number;
  readonly alwaysSegment?: boolean;
  readonly allMasks?: boolean;
  readonly mapFormat: MapFormat;
}

const EXAMPLES = `
Examples:
  mias segment patient.png --bank brain.bank -o results/
  mias segment new-scans/ --bank brain.bank -o results/ --all-masks
  mias segment new-scans/ --bank brain.bank -o results/ --alpha 0.1
  mias segment new-scans/ --bank brain.bank -o results/ --always-segment
  mias segment new-scans/ --bank brain.bank -o results/ --map-format tiff32 --json

Open results/report.html to look at the result.`;

/** Adds the options that `segment` and `evaluate` share. */
export function withSegmentOptions(command: Command): Command {
  const { prompt, chooser, refine } = segmentOptionsSchema.entries;
  return withCommonOptions(
    command
      .requiredOption("--bank <bank>", "bank file made by `mias fit`")
      .addOption(
        new Option(
          "--prompt <strategy>",
          "how the map becomes prompts (default: that of the bank's preset)",
        ).choices(prompt.options),
      )
      .addOption(
        new Option(
          "--chooser <name>",
          "how the final mask is chosen (default: that of the bank's preset)",
        ).choices(chooser.options),
      )
      .addOption(
        new Option(
          "--refine <name>",
          "what the decoder is asked about the chosen masks (default: that of the bank's preset)",
        ).choices(refine.options),
      )
      .option(
        "--alpha <share>",
        "p-value up to which an image is called abnormal (default: 0.05)",
        numberWithin(0, 1),
      )
      .option("--always-segment", "draw a mask on images that are not abnormal, too")
      .option("--all-masks", "also write every mask that was considered")
      .addOption(
        new Option("--map-format <format>", "files of the anomaly maps")
          .choices(MAP_FORMATS)
          .default("png16"),
      ),
  );
}

export function segmentCommand(context: CommandContext): Command {
  const command = new Command("segment")
    .description(
      "segment what deviates from a bank: masks, maps, overlays, results.json, results.csv, report.html",
    )
    .argument("<input...>", "images, folders of them, globs, or @list.txt")
    .requiredOption("-o, --output <folder>", "folder for the results");
  return withSegmentOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (inputs: string[], flags: SegmentFlags & { readonly output: string }) => {
      const { console, progress, job } = toolsOf(flags, context);
      try {
        const doc = await segmentToFolder(inputs, { ...job, ...segmentFlags(flags), output: flags.output });
        progress.stop();
        console.issues([...doc.issues, ...doc.failures, ...doc.images.flatMap((image) => image.issues)]);
        console.result(doc, describeResults(doc, flags.output));
        context.finish(doc.failures.length > 0 ? EXIT.failed : EXIT.done);
      } finally {
        progress.stop();
      }
    });
}

/** The job options that the shared flags stand for. */
export function segmentFlags(flags: SegmentFlags) {
  const { bank, prompt, chooser, refine, alpha, alwaysSegment, allMasks, mapFormat } = flags;
  const empty: EmptyRule | undefined = alwaysSegment ? "never" : undefined;
  return {
    bank,
    mapFormat,
    options: given({ prompt, chooser, refine, alpha, empty }),
    ...given({ allMasks }),
  };
}

function describeResults(doc: ResultsDocument, output: string): string[] {
  const abnormal = doc.images.filter((image) => image.abnormal).length;
  const others = leavesEmpty(doc.calibration, doc.options) ? ", nothing found in the others" : "";
  const decision = isDecidable(doc.calibration, doc.options)
    ? `${abnormal} abnormal (p <= ${doc.options.alpha})${others}`
    : "not decided which are abnormal (too few normal images)";
  const rate = seconds(doc.seconds?.perImage ?? 0);
  return [
    `${doc.images.length} ${doc.images.length === 1 ? "image" : "images"} segmented, ${decision}, ${doc.failures.length} failed; ${rate} an image`,
    `results in ${output}, report in ${output.replace(/\/$/, "")}/report.html`,
    doc.disclaimer,
  ];
}
