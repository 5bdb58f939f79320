import { Command } from "commander";
import { type Inspection, inspect } from "../../jobs/inspect.ts";
import { windowText } from "../../volume/window.ts";
import { type CommandContext, type CommonOptions, toolsOf, withOutputOptions } from "../common-options.ts";
import { oneLine } from "../console.ts";
import { EXIT } from "../exit.ts";
import { bytes } from "../format.ts";
import { contentsLines, runLines, volumeLines } from "../inspect-lines.ts";

const EXAMPLES = `
Examples:
  mias inspect brain.bank
  mias inspect models/litemedsam
  mias inspect scans/
  mias inspect results/
  mias inspect scan.nii.gz
  mias inspect dicom-folder/
  mias inspect scan.png --json`;

export function inspectCommand(context: CommandContext): Command {
  const command = new Command("inspect")
    .description(
      "say what a bank, a model, an image, a volume, a DICOM series, a folder of these or of results is",
    )
    .argument(
      "<file>",
      "bank file, model folder, folder of results, image, volume, DICOM file, DICOMDIR, zip archive, or folder",
    );
  return withOutputOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: CommonOptions) => {
      const { console } = toolsOf(flags, context);
      const inspection = await inspect(file);
      console.result(inspection, describeInspection(inspection).map(oneLine));
      if (hasFault(inspection)) context.finish(EXIT.failed);
    });
}

function describeModel({ file, manifest, files }: Extract<Inspection, { kind: "model" }>): string[] {
  const { id, title, version, input, encoder, prompts, licence } = manifest;
  const taps = encoder.outputs.taps.map(
    ({ name, channels, size }) => `${name} ${channels} x ${size} x ${size}`,
  );
  return [
    `${file}: model ${id} ${version}, ${title}`,
    `input        3 x ${input.size} x ${input.size}, ${input.normalisation.kind}`,
    `taps         ${taps.join(", ")}`,
    `prompts      ${prompts.join(", ")}`,
    `licence      ${licence.spdx}`,
    ...files.map(
      ({ path, sha256 }) => `file         ${path}, ${sha256 === "cannot be read" ? "" : "sha256 "}${sha256}`,
    ),
  ];
}

/** Whether files are not what they should be, or cannot be read. */
function hasFault(inspection: Inspection): boolean {
  if (inspection.kind === "model") return inspection.files.some(({ sha256 }) => sha256 !== "matches");
  return "failures" in inspection && inspection.failures.length > 0;
}

function describeContents(inspection: Extract<Inspection, { kind: "folder" | "zip" | "dicom" }>): string[] {
  const { file, kind, dataset } = inspection;
  const [first, ...others] = contentsLines(file, kind, inspection);
  if (dataset === undefined) return [first, ...others];
  const { layout, train, validation, test } = dataset;
  return [
    `${first}, a data set in the layout ${layout}`,
    `images       ${train} to learn from, ${validation} for validation, ${test} for testing; the others are masks`,
    ...others,
  ];
}

function describeInspection(inspection: Inspection): string[] {
  if (inspection.kind === "bank") {
    const { rows, layers, options, provenance, calibration, slicing, formatVersion } = inspection.bank;
    return [
      `${inspection.file}: memory bank, format ${formatVersion}, ${bytes(inspection.bytes)}`,
      `rows         ${rows} of ${provenance.patches} patches; layers ${layers.map(({ tap, dims }) => `${tap} (${dims})`).join(", ")}`,
      `images       ${provenance.images}, ${provenance.heldOut} of them held out in turn; least p-value ${(1 / (calibration.imageScores.length + 1)).toPrecision(2)}`,
      `halves       ${calibration.mirrorScale === null ? "not compared" : "compared"} (symmetry ${options.symmetry})`,
      ...(slicing ? [`volumes      cut along ${slicing.axis}, window ${windowText(slicing.window)}`] : []),
      `model        ${provenance.modelId}, sha256 ${provenance.modelSha256}`,
      `options      ${JSON.stringify(options)}`,
      `made by      ${provenance.program}`,
    ];
  }
  if (inspection.kind === "model") return describeModel(inspection);
  if (inspection.kind === "results") return runLines(inspection.file, inspection.run);
  if (inspection.kind === "volume") return volumeLines(inspection.file, inspection.volume);
  if (inspection.kind !== "image") return describeContents(inspection);
  const { width, height, channels, values, least, largest, geometry, issues } = inspection.image;
  return [
    `${inspection.file}: image, ${width} x ${height}, ${channels === 1 ? "grey" : "colour"}, ${values}, ${least} .. ${largest}`,
    `spacing      ${geometry.spacing.join(" x ")} ${geometry.unit}`,
    ...issues.map(({ severity, message }) => `${severity}: ${message}`),
  ];
}
