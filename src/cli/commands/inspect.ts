import { Command } from "commander";
import { type Inspection, inspect } from "../../jobs/inspect.ts";
import { type CommandContext, type CommonOptions, toolsOf, withOutputOptions } from "../common-options.ts";
import { EXIT } from "../exit.ts";
import { bytes } from "../format.ts";

const EXAMPLES = `
Examples:
  mias inspect brain.bank
  mias inspect models/litemedsam
  mias inspect scans/
  mias inspect scan.png --json`;

export function inspectCommand(context: CommandContext): Command {
  const command = new Command("inspect")
    .description("say what a bank, a model, an image or a folder of images is")
    .argument("<file>", "bank file, model folder, image, or folder of images");
  return withOutputOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: CommonOptions) => {
      const { console } = toolsOf(flags, context);
      const inspection = await inspect(file);
      console.result(inspection, describeInspection(inspection));
      if (inspection.kind === "model" && inspection.files.some(({ sha256 }) => sha256 !== "matches"))
        context.finish(EXIT.failed);
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

function describeFolder({ file, images, dataset }: Extract<Inspection, { kind: "folder" }>): string[] {
  const found = `${file}: folder of ${images} ${images === 1 ? "image" : "images"}`;
  if (dataset === undefined) return [found];
  const { layout, train, validation, test } = dataset;
  return [
    `${found}, a data set in the layout ${layout}`,
    `images       ${train} to learn from, ${validation} for validation, ${test} for testing; the others are masks`,
  ];
}

function describeInspection(inspection: Inspection): string[] {
  if (inspection.kind === "bank") {
    const { rows, layers, options, provenance, calibration, formatVersion } = inspection.bank;
    return [
      `${inspection.file}: memory bank, format ${formatVersion}, ${bytes(inspection.bytes)}`,
      `rows         ${rows} of ${provenance.patches} patches; layers ${layers.map(({ tap, dims }) => `${tap} (${dims})`).join(", ")}`,
      `images       ${provenance.images}, ${provenance.heldOut} of them held out in turn; least p-value ${(1 / (calibration.imageScores.length + 1)).toPrecision(2)}`,
      `halves       ${calibration.mirrorScale === null ? "not compared" : "compared"} (symmetry ${options.symmetry})`,
      `model        ${provenance.modelId}, sha256 ${provenance.modelSha256}`,
      `options      ${JSON.stringify(options)}`,
      `made by      ${provenance.program}`,
    ];
  }
  if (inspection.kind === "model") return describeModel(inspection);
  if (inspection.kind === "folder") return describeFolder(inspection);
  const { width, height, channels, values, least, largest, geometry, issues } = inspection.image;
  return [
    `${inspection.file}: image, ${width} x ${height}, ${channels === 1 ? "grey" : "colour"}, ${values}, ${least} .. ${largest}`,
    `spacing      ${geometry.spacing.join(" x ")} ${geometry.unit}`,
    ...issues.map(({ severity, message }) => `${severity}: ${message}`),
  ];
}
