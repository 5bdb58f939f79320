import { type Command, InvalidArgumentError, Option } from "commander";
import { DEVICES, type Device } from "../io/node-runtime.ts";
import type { JobOptions } from "../jobs/open.ts";
import { type Console, createConsole } from "./console.ts";
import type { ExitCode } from "./exit.ts";
import { createProgress, type ProgressReporter } from "./progress.ts";

/** What a command gets from the process. */
export interface CommandContext {
  readonly signal: AbortSignal;
  finish(code: ExitCode): void;
}

export interface CommonOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  readonly model?: string;
  readonly device?: Device;
  readonly threads?: number;
}

/** Adds the options that every command has. */
export function withCommonOptions(command: Command): Command {
  return withOutputOptions(
    command
      .option("--model <folder>", "model folder with model.json (default: the embedded LiteMedSAM)")
      .addOption(new Option("--device <name>", "where inference runs").choices(DEVICES).default("auto"))
      .option(
        "--threads <n>",
        "threads of inference, at most one a core; results do not depend on them (default: all cores)",
        wholeNumber(1),
      ),
  );
}

/** Adds the options about what is printed. */
export function withOutputOptions(command: Command): Command {
  return command
    .option("--json", "print one JSON document on stdout, everything else on stderr")
    .option("--quiet", "print errors only")
    .option("--verbose", "print notes, and the causes of errors");
}

/** The number that a text stands for in decimal notation, else NaN; hexadecimal is more likely a slip. */
function decimal(text: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
}

/** Parses a whole number from `least` to `most`. */
export function wholeNumber(least: number, most = 0xffffffff): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a whole number from ${least} to ${most}`);
  };
}

/** Parses a number from `least` to `most`. */
export function numberWithin(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = decimal(text);
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`must be a number from ${least} to ${most}`);
  };
}

/** Parses a share that is not nothing: above 0, 1 at most. */
export function positiveShare(text: string): number {
  const value = decimal(text);
  if (value > 0 && value <= 1) return value;
  throw new InvalidArgumentError("must be a number above 0, at most 1");
}

export interface Tools {
  readonly console: Console;
  readonly progress: ProgressReporter;
  readonly job: JobOptions;
}

/** The console, the progress and the job options of a command that runs. */
export function toolsOf(options: CommonOptions, context: CommandContext): Tools {
  const { json = false, quiet = false, verbose = false, model, device, threads } = options;
  const progress = createProgress(!quiet, context.signal);
  return {
    console: createConsole({ json, quiet, verbose }),
    progress,
    job: {
      signal: context.signal,
      onProgress: progress.onProgress,
      ...(model === undefined ? {} : { model }),
      ...(device === undefined ? {} : { device }),
      ...(threads === undefined ? {} : { threads }),
    },
  };
}

/** The entries of `options` that were given. */
export function given<T extends object>(options: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
