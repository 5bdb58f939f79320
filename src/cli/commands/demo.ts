import { Command, Option } from "commander";
import { demo } from "../../jobs/demo.ts";
import { LESION_CONTRASTS, type LesionContrast } from "../../phantom/lesion-strength.ts";
import {
  type CommandContext,
  type CommonOptions,
  given,
  toolsOf,
  wholeNumber,
  withCommonOptions,
} from "../common-options.ts";
import { describeEvaluation } from "./evaluate.ts";

interface DemoFlags extends CommonOptions {
  readonly output: string;
  readonly seed?: number;
  readonly contrast: LesionContrast;
}

const EXAMPLES = `
Examples:
  mias demo
  mias demo -o /tmp/demo --seed 7 --json
  mias demo -o faint --contrast faint`;

export function demoCommand(context: CommandContext): Command {
  const command = new Command("demo")
    .description(
      "make head phantoms from a seed, then fit, segment, evaluate and report; nothing to download",
    )
    .option("-o, --output <folder>", "folder for everything", "mias-demo")
    .option("--seed <n>", "seed of the phantoms and of the fit (default: 0)", wholeNumber(0))
    .addOption(
      new Option("--contrast <name>", "clear lesions, or such that hide among healthy tissue")
        .choices(LESION_CONTRASTS)
        .default("clear"),
    );
  return withCommonOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (flags: DemoFlags) => {
      const { console, progress, job } = toolsOf(flags, context);
      try {
        const report = await demo({
          ...job,
          output: flags.output,
          contrast: flags.contrast,
          ...given({ seed: flags.seed }),
        });
        progress.stop();
        console.issues([...report.fit.issues, ...report.evaluation.failures]);
        console.result(report, [
          ...describeEvaluation(report.evaluation, undefined),
          `phantoms in ${report.dataset}, bank in ${report.bank}`,
          `look at ${report.segmentReport} and ${report.evaluateReport}`,
        ]);
      } finally {
        progress.stop();
      }
    });
}
