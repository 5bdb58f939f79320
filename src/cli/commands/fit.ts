import { Command, Option } from "commander";
import { type FitReport, fit } from "../../jobs/fit.ts";
import { fitOptionsSchema } from "../../options.ts";
import type { BrightnessName, PresetName, SymmetryName } from "../../types.ts";
import {
  type CommandContext,
  type CommonOptions,
  given,
  numberWithin,
  toolsOf,
  wholeNumber,
  withCommonOptions,
} from "../common-options.ts";
import { countOr } from "../count-or-word.ts";
import {
  DICOMWEB_HELP,
  type DicomWebFlags,
  dicomWebAccess,
  withDicomWebOptions,
} from "../dicomweb-options.ts";
import { EXIT } from "../exit.ts";
import { bytes, seconds } from "../format.ts";
import { type VolumeFlags, volumeOptions, withVolumeOptions } from "../volume-options.ts";

interface FitFlags extends CommonOptions, VolumeFlags, DicomWebFlags {
  readonly output: string;
  readonly bankFrom?: string;
  readonly preset?: PresetName;
  readonly rows?: number | "all";
  readonly taps?: readonly string[];
  readonly axes?: number | "each-map";
  readonly brightness?: BrightnessName;
  readonly symmetry?: SymmetryName;
  readonly holdOut?: number;
  readonly seed?: number;
}

const EXAMPLES = `
Examples:
  mias fit normals/ -o brain.bank
  mias fit normals/ -o brain.bank --preset paper
  mias fit normal-cts/ -o liver.bank --window liver
  mias fit more-normals/ --bank-from brain.bank -o brain-2.bank
  mias fit "scans/**/*_flair.png" @list.txt -o flair.bank --rows 65536 --json
  mias fit dicomweb+https://pacs.example/dicom-web/studies/1.2.840.1 -o brain.bank --user reader

A fit that is interrupted leaves BANK.checkpoint; the same command goes on from there. It is written every 30 seconds,
too: a fit that is killed goes on from the last one, and in its first 30 seconds leaves none.
${DICOMWEB_HELP}`;

export function fitCommand(context: CommandContext): Command {
  const { preset, brightness, symmetry } = fitOptionsSchema.entries;
  const command = new Command("fit")
    .description("learn normal images and volumes -> a memory bank")
    .argument(
      "<input...>",
      "normal images, DICOM series and volumes: files, folders, zip archives, globs, @list.txt, or studies of a DICOMweb server",
    )
    .requiredOption("-o, --output <bank>", "bank file to write")
    .option("--bank-from <bank>", "go on from an existing bank: its rows and options are kept")
    .addOption(new Option("--preset <name>", "default, or MIAS-SAM as published").choices(preset.options))
    .option("--rows <n|all>", "most patches kept in the bank (default: 32768; paper: all)", countOr("all"))
    .option("--taps <names>", "feature maps to learn, separated by commas", (text) => text.split(","))
    .option(
      "--axes <n|each-map>",
      "principal axes in which all feature maps are searched together, or each map by itself (default: 160; paper: each-map)",
      countOr("each-map"),
    )
    .addOption(
      new Option(
        "--brightness <which>",
        "what is white in an image: twice the median of the body, or its greatest value (default: body; paper: range)",
      ).choices(brightness.options),
    )
    .addOption(
      new Option(
        "--symmetry <which>",
        "compare left and right halves; auto does where normal images are symmetric (default: auto; paper: none)",
      ).choices(symmetry.options),
    )
    .option(
      "--hold-out <share>",
      "share of the images held out in turn for calibration; at least 40 if there are so many, at most 200 (default: 0.5)",
      numberWithin(0, 1),
    )
    .option("--seed <n>", "seed of sampling and hold-out (default: 0)", wholeNumber(0));
  return withCommonOptions(withDicomWebOptions(withVolumeOptions(command, { learned: false })))
    .addHelpText("after", EXAMPLES)
    .action(async (inputs: string[], flags: FitFlags) => {
      const { console, progress, job } = toolsOf(flags, context);
      const { output, bankFrom, preset, rows, taps, axes, brightness, symmetry, holdOut, seed } = flags;
      try {
        const options = given({ preset, rows, taps, axes, brightness, symmetry, holdOut, seed });
        const report = await fit(inputs, {
          ...{ ...job, output, options },
          ...given({ bankFrom }),
          ...volumeOptions(flags),
          ...dicomWebAccess(inputs, flags),
        });
        progress.stop();
        console.issues(report.issues);
        console.result(report, describeFit(report));
        context.finish(report.issues.some(({ severity }) => severity === "error") ? EXIT.failed : EXIT.done);
      } finally {
        progress.stop();
      }
    });
}

function describeFit(report: FitReport): string[] {
  const rate = report.imagesPerSecond.toFixed(2);
  const resumed =
    report.resumed === 0 ? "" : `, ${report.resumed} of them taken over from an interrupted fit`;
  return [
    `${report.bank}: ${report.rows} rows of ${report.patches} patches, ${bytes(report.bytes)}`,
    `${report.images} normal images, ${report.heldOut} of them held out in turn for calibration${resumed}`,
    `${seconds(report.seconds.total)}, ${rate} images a second, at most ${bytes(report.peakRssBytes)} of memory`,
  ];
}
