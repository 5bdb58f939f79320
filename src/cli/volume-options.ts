// Options about volumes that several commands share.

import { type Command, InvalidArgumentError, Option } from "commander";
import { isMiasError } from "../errors.ts";
import { parseWindow, WINDOW_PRESETS, type WindowChoice } from "../volume/window.ts";
import type { SliceAxis } from "../volume-types.ts";
import { given, wholeNumber } from "./common-options.ts";

const AXES: readonly SliceAxis[] = ["axial", "sagittal", "coronal", "acquisition"];

export interface VolumeFlags {
  readonly axis?: SliceAxis;
  readonly window?: WindowChoice;
  readonly volumeIndex?: number;
}

/** Adds the options about volumes. */
export function withVolumeOptions(command: Command): Command {
  return command
    .addOption(
      new Option("--axis <name>", "volumes: along what they are cut into slices (default: axial)").choices(
        AXES,
      ),
    )
    .option(
      "--window <window>",
      `volumes: values shown black and white: centre,width, file, percentiles, or of CT ${WINDOW_PRESETS.join(", ")} (default: a CT file's own, else percentiles)`,
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
    const names = ["file", "percentiles", ...WINDOW_PRESETS].join(", ");
    throw new InvalidArgumentError(`must be centre,width with a width above 0, or one of ${names}`);
  }
}

/** The job options that the flags stand for. */
export function volumeOptions({ axis, window, volumeIndex }: VolumeFlags) {
  return given({ axis, window, volumeIndex });
}
