import { Command, InvalidArgumentError } from "commander";
import { type SynthesiseReport, synthesise } from "../../jobs/synthesise.ts";
import { SYNTHETIC_KINDS, type SyntheticKind } from "../../synthetic/kinds.ts";
import {
  type CommandContext,
  type CommonOptions,
  given,
  toolsOf,
  wholeNumber,
  withOutputOptions,
} from "../common-options.ts";
import { EXIT } from "../exit.ts";

interface SynthFlags extends CommonOptions {
  readonly output: string;
  readonly count: number;
  readonly good?: number;
  readonly seed?: number;
  readonly kinds?: readonly SyntheticKind[];
  readonly donors?: string;
}

/** More images than this settle nothing, and their plan alone would fill the memory. */
const MOST_MADE = 100_000;

const EXAMPLES = `
Examples:
  mias synth held-out-normals/ -o synthetic
  mias synth @held-out.txt --donors normals/ -o synthetic --count 200 --good 60 --seed 7
  mias synth normals/ -o blobs --kinds blob,ring --json
  mias evaluate synthetic --bank brain.bank      (a bank that has not seen held-out-normals/)`;

export function synthCommand(context: CommandContext): Command {
  const command = new Command("synth")
    .description("normal images with made anomalies, to choose settings without labels")
    .argument("<input...>", "normal images, folders of them, globs, or @list.txt")
    .requiredOption("-o, --output <folder>", "folder of the data set (layout of MVTec AD)")
    .option("--count <n>", "images with anomalies", wholeNumber(1, MOST_MADE), 100)
    .option(
      "--good <n>",
      "unaltered images, at most one for each input (default: half of --count)",
      wholeNumber(0),
    )
    .option("--seed <n>", "seed of everything that is drawn (default: 0)", wholeNumber(0))
    .option(
      "--kinds <names>",
      `kinds of anomalies, separated by commas (default: ${SYNTHETIC_KINDS})`,
      kindList,
    )
    .option("--donors <input>", "normal images that pieces are taken from (default: the inputs)");
  return withOutputOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (inputs: string[], flags: SynthFlags) => {
      const { console, progress, job } = toolsOf(flags, context);
      const { output, count, good, seed, kinds, donors } = flags;
      const { signal, onProgress } = job;
      try {
        const report = await synthesise(inputs, {
          output,
          count,
          ...given({
            signal,
            onProgress,
            good,
            seed,
            kinds,
            donors: donors === undefined ? donors : [donors],
          }),
        });
        progress.stop();
        console.issues(report.issues);
        console.result(report, describeSynthesis(report, output));
        context.finish(report.issues.length > 0 ? EXIT.failed : EXIT.done);
      } finally {
        progress.stop();
      }
    });
}

function kindList(text: string): readonly SyntheticKind[] {
  return text.split(",").map((name) => {
    const kind = SYNTHETIC_KINDS.find((known) => known === name);
    if (kind !== undefined) return kind;
    throw new InvalidArgumentError(`must be of ${SYNTHETIC_KINDS.join(", ")}`);
  });
}

function describeSynthesis({ anomalous, good }: SynthesiseReport, output: string): string[] {
  const areas = anomalous.flatMap((made) => made.areas).sort((a, b) => a - b);
  const middle = areas[areas.length >> 1] ?? 0;
  return [
    `${anomalous.length} images with ${areas.length} made anomalies, of ${middle} pixels in the middle; ${good.length} unaltered`,
    `${output}: test/, ground_truth/, manifest.json`,
  ];
}
