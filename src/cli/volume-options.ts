// Options about volumes that several commands share.

import { type Command, InvalidArgumentError, Option } from "commander";
import { isMiasError } from "../errors.ts";
import { slicingSchema, WINDOW_PRESETS } from "../options.ts";
import type { SliceAxis, WindowChoice } from "../types.ts";
import { parseWindow, WINDOW_RULE } from "../volume/window.ts";
import { given, wholeNumber } from "./common-options.ts";

export interface VolumeFlags {
  readonly axis?: SliceAxis;
  readonly window?: WindowChoice;
  readonly volumeIndex?: number;
}

/** Adds the options about volumes. @param learned whether a bank tells how the volumes that it learned were cut */
export function withVolumeOptions(command: Command, { learned }: { readonly learned: boolean }): Command {
  return command
    .addOption(
      new Option(
        "--axis <name>",
        `volumes: along what they are cut into slices (default: ${learned ? "that of the bank, else " : ""}axial)`,
      ).choices(slicingSchema.entries.axis.options),
    )
    .option(
      "--window <window>",
      `volumes: values shown black and white: centre,width, file, percentiles, or of CT ${WINDOW_PRESETS.join(", ")} (default: ${learned ? "that of the bank, else " : ""}a CT file's own, else percentiles)`,
      windowArgument,
    )
    .option(
      "--volume-index <n>",
      "volumes: which one of a file with several, from 0 (default: 0)",
      wholeNumber(0),
    );
}

function windowArgument(text: string): WindowChoice {
  try {
    return parseWindow(text);
  } catch (error) {
    if (!isMiasError(error)) throw error;
    throw new InvalidArgumentError(WINDOW_RULE);
  }
}

/** The job options that the flags stand for. */
export function volumeOptions({ axis, window, volumeIndex }: VolumeFlags) {
  return given({ axis, window, volumeIndex });
}
