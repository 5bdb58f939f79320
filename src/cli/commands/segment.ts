import { randomBytes } from "node:crypto";
import { Command, InvalidArgumentError, Option } from "commander";
import { requireSecret } from "../../dicom/pseudonym-secret.ts";
import { MiasError } from "../../errors.ts";
import { OUTPUT_TYPES, type OutputType } from "../../jobs/output-types.ts";
import { segmentToFolder } from "../../jobs/segment-folder.ts";
import type { StoreOptions } from "../../jobs/store-options.ts";
import { MAP_FORMATS, type MapFormat } from "../../jobs/write-result.ts";
import { segmentOptionsSchema } from "../../options.ts";
import { isDecidable, leavesEmpty, type ResultsDocument } from "../../report/results.ts";
import type { ChooserName, EmptyRule, PromptStrategyName, RefinementName } from "../../types.ts";
import {
  type CommandContext,
  type CommonOptions,
  given,
  positiveShare,
  toolsOf,
  withCommonOptions,
} from "../common-options.ts";
import {
  DICOMWEB_HELP,
  type DicomWebFlags,
  dicomWebAccess,
  withDicomWebOptions,
} from "../dicomweb-options.ts";
import { EXIT } from "../exit.ts";
import { seconds } from "../format.ts";
import { type VolumeFlags, volumeOptions, withVolumeOptions } from "../volume-options.ts";

/** Of the environment: the secret that pseudonyms are made with. */
const PSEUDONYM_KEY = "MIAS_PSEUDONYM_KEY";

/** Options that `segment` and `evaluate` share. */
export interface SegmentFlags extends CommonOptions, VolumeFlags {
  readonly bank: string;
  readonly prompt?: PromptStrategyName;
  readonly chooser?: ChooserName;
  readonly refine?: RefinementName;
  readonly alpha?: number;
  readonly alwaysSegment?: boolean;
  readonly allMasks?: boolean;
  readonly mapFormat: MapFormat;
}

interface SegmentFolderFlags extends SegmentFlags, DicomWebFlags {
  readonly output: string;
  readonly outputType?: readonly OutputType[];
  readonly pseudonymise?: boolean;
  readonly store?: boolean;
  readonly storeMaps?: boolean;
}

const EXAMPLES = `
Examples:
  mias segment patient.png --bank brain.bank -o results/
  mias segment new-scans/ --bank brain.bank -o results/ --all-masks
  mias segment new-scans/ --bank brain.bank -o results/ --alpha 0.1
  mias segment new-scans/ --bank brain.bank -o results/ --always-segment
  mias segment new-scans/ --bank brain.bank -o results/ --map-format tiff32 --json
  mias segment dicom-folder/ --bank liver.bank -o results/ --window liver -t dicom_seg,nifti
  mias segment dicomweb+https://pacs.example/dicom-web/studies/1.2.840.1 --bank liver.bank -o results/ --user reader --store

Open results/report.html to look at the result. A folder that holds results already gets new documents; pictures of
images that are not among the inputs now stay there, with a warning.
${DICOMWEB_HELP}
  ${PSEUDONYM_KEY}      secret of at least 16 bytes that --pseudonymise makes pseudonyms with;
                          the same secret makes the same ones (default: a new one each run)`;

/** Adds the options that `segment` and `evaluate` share. */
export function withSegmentOptions(command: Command): Command {
  const { prompt, chooser, refine } = segmentOptionsSchema.entries;
  return withCommonOptions(
    withVolumeOptions(command, { learned: true })
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
        positiveShare,
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
    .argument(
      "<input...>",
      "images, DICOM series and volumes: files, folders, zip archives, globs, @list.txt, or studies of a DICOMweb server",
    )
    .requiredOption("-o, --output <folder>", "folder for the results")
    .option(
      "-t, --output-type <types>",
      `volumes: what is written, of ${OUTPUT_TYPES.join(", ")}, separated by commas; also -ot (default: dicom_seg for DICOM series, else nifti)`,
      outputTypes,
    )
    .option("--pseudonymise", "DICOM results name no patient and refer to no real identifier")
    .option("--store", "DICOMweb: send DICOM segmentations into the studies of the inputs")
    .option("--store-maps", "with --store: send the maps, too, as DICOM parametric maps");
  return withSegmentOptions(withDicomWebOptions(command))
    .addHelpText("after", EXAMPLES)
    .action(async (inputs: string[], flags: SegmentFolderFlags) => {
      const { console, progress, job } = toolsOf(flags, context);
      try {
        const { output, outputType } = flags;
        const store = storeOptions(flags);
        const pseudonymSecret = flags.pseudonymise ? pseudonymKey() : undefined;
        const doc = await segmentToFolder(inputs, {
          ...{ ...job, ...segmentFlags(flags), output },
          ...given({ outputTypes: outputType, pseudonymSecret, store }),
          ...dicomWebAccess(inputs, flags),
        });
        progress.stop();
        console.issues([
          ...doc.issues,
          ...doc.failures,
          ...[...doc.images, ...doc.volumes].flatMap(({ issues }) => issues),
        ]);
        console.result(doc, describeResults(doc, flags.output));
        context.finish(hasFailed(doc) ? EXIT.failed : EXIT.done);
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
    ...volumeOptions(flags),
  };
}

function outputTypes(text: string): OutputType[] {
  const types = text.split(",").map((word) => OUTPUT_TYPES.find((type) => type === word.trim()));
  if (types.every((type) => type !== undefined)) return [...new Set(types)];
  throw new InvalidArgumentError(`must be of ${OUTPUT_TYPES.join(", ")}, separated by commas`);
}

/** A key that the user keeps makes the same pseudonyms again; without one they are of this run alone. */
function pseudonymKey(): string {
  const key = process.env[PSEUDONYM_KEY] || randomBytes(32).toString("hex");
  requireSecret(key, PSEUDONYM_KEY);
  return key;
}

function storeOptions({ store, storeMaps: maps = false }: SegmentFolderFlags): StoreOptions | undefined {
  if (store) return { maps };
  if (maps) throw new MiasError("usage", "--store-maps", "--store-maps must come with --store; add it");
  return undefined;
}

/** Whether something could not be processed, or not be stored. */
function hasFailed({ failures, volumes }: ResultsDocument): boolean {
  const ofVolumes = volumes.flatMap(({ issues }) => issues);
  return failures.length > 0 || ofVolumes.some(({ severity }) => severity === "error");
}

function describeStored({ volumes }: ResultsDocument): string[] {
  const asked = volumes.filter(({ stored }) => stored !== undefined);
  if (asked.length === 0) return [];
  const stored = asked.filter((volume) => volume.stored).length;
  const failed = asked.filter(({ issues }) =>
    issues.some(({ code }) => code === "instance-not-stored"),
  ).length;
  const nothing = asked.length - stored - failed;
  return [
    `results of ${stored} of ${asked.length} volumes stored, ${failed} failed, ${nothing} with nothing to store`,
  ];
}

function countedInputs({ images, volumes }: ResultsDocument): string {
  const stacks = `${volumes.length} ${volumes.length === 1 ? "volume" : "volumes"}`;
  if (images.length === 0 && volumes.length > 0) return stacks;
  const pictures = `${images.length} ${images.length === 1 ? "image" : "images"}`;
  return volumes.length === 0 ? pictures : `${pictures} and ${stacks}`;
}

function describeResults(doc: ResultsDocument, output: string): string[] {
  const abnormal = [...doc.images, ...doc.volumes].filter((input) => input.abnormal).length;
  const isAny = abnormal < doc.images.length + doc.volumes.length;
  const others = isAny && leavesEmpty(doc.calibration, doc.options) ? ", nothing found in the others" : "";
  const decision = isDecidable(doc.calibration, doc.options)
    ? `${abnormal} abnormal (p <= ${doc.options.alpha})${others}`
    : "not decided which are abnormal (too few normal images)";
  const rate = seconds(doc.seconds?.perImage ?? 0);
  return [
    `${countedInputs(doc)} segmented, ${decision}, ${doc.failures.length} failed; ${rate} an image`,
    ...describeStored(doc),
    `results in ${output}, report in ${output.replace(/\/$/, "")}/report.html`,
    doc.disclaimer,
  ];
}
