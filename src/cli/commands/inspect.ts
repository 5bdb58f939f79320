import { Command } from "commander";
import { type Inspection, inspect } from "../../jobs/inspect.ts";
import { type CommandContext, type CommonOptions, toolsOf, withOutputOptions } from "../common-options.ts";
import { bytes } from "../format.ts";

const EXAMPLES = `
Examples:
  mias inspect brain.bank
  mias inspect models/litemedsam
  mias inspect scan.png --json`;

export function inspectCommand(context: CommandContext): Command {
  const command = new Command("inspect")
    .description("say what a bank, a model or an image is")
    .argument("<file>", "bank file, model folder, or image");
  return withOutputOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, flags: CommonOptions) => {
      const { console } = toolsOf(flags, context);
      const inspection = await inspect(file);
      console.result(inspection, describeInspection(inspection));
    });
}

function describeInspection(inspection: Inspection): string[] {
  if (inspection.kind === "bank") {
    const { rows, layers, options, provenance, calibration, formatVersion } = inspection.bank;
    return [
      `${inspection.file}: memory bank, format ${formatVersion}, ${bytes(inspection.bytes)}`,
      `rows         ${rows} of ${provenance.patches} patches; layers ${layers.map(({ tap, dims }) => `${tap} (${dims})`).join(", ")}`,
      `images       ${provenance.images}, ${provenance.heldOut} of them held out; least p-value ${(1 / (calibration.imageScores.length + 1)).toPrecision(2)}`,
      `model        ${provenance.modelId}, sha256 ${provenance.modelSha256}`,
      `options      ${JSON.stringify(options)}`,
      `made by      ${provenance.program}`,
    ];
  }
  if (inspection.kind === "model") {
    const { id, title, version, input, encoder, prompts, licence } = inspection.manifest;
    const taps = encoder.outputs.taps.map(
      ({ name, channels, size }) => `${name} ${channels} x ${size} x ${size}`,
    );
    return [
      `${inspection.file}: model ${id} ${version}, ${title}`,
      `input        3 x ${input.size} x ${input.size}, ${input.normalisation.kind}`,
      `taps         ${taps.join(", ")}`,
      `prompts      ${prompts.join(", ")}`,
      `licence      ${licence.spdx}`,
    ];
  }
  const { width, height, channels, values, least, largest, geometry, issues } = inspection.image;
  return [
    `${inspection.file}: image, ${width} x ${height}, ${channels === 1 ? "grey" : "colour"}, ${values}, ${least} .. ${largest}`,
    `spacing      ${geometry.spacing.join(" x ")} ${geometry.unit}`,
    ...issues.map(({ severity, message }) => `${severity}: ${message}`),
  ];
}
