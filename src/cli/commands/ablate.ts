import { Command } from "commander";
import { ablate } from "../../jobs/ablate.ts";
import type { AblationDocument, AblationSet } from "../../report/ablation-document.ts";
import {
  bestRows,
  MEASURE_COLUMNS,
  tableLines as rowsOfTable,
  SET_TITLES,
  setsOf,
} from "../../report/ablation-table.ts";
import type { Issue } from "../../types.ts";
import { MASK_RULES, type MaskRule } from "../../util/mask-rule.ts";
import {
  type CommandContext,
  type CommonOptions,
  given,
  toolsOf,
  wholeNumber,
  withCommonOptions,
} from "../common-options.ts";
import { EXIT } from "../exit.ts";
import { metric, tableLines } from "../format.ts";
import { maskRule } from "../mask-rule-argument.ts";

interface AblateFlags extends CommonOptions {
  readonly output: string;
  readonly rows?: readonly string[];
  readonly count: number;
  readonly seed: number;
  readonly test?: boolean;
  readonly maskRule: MaskRule;
  readonly cache: boolean;
}

/** Made images stay in memory, with 2 or 3 bytes a pixel. */
const MOST_MADE = 10_000;

const EXAMPLES = `
Examples:
  mias ablate brain_mri/ -o ablation/
  mias ablate brain_mri/ -o ablation/ --rows default,tap-tap2,rows-16384,chooser-contrast --count 100
  mias ablate brain_mri/ -o ablation/ --rows default,paper,intensity-baseline --test --json

Rows are default, paper, intensity-baseline, and one change of the default each: tap-NAME for each feature map,
no-intensity, no-local-intensity, encoder-alone, axes-N, descriptor-NAME, rows-N, distance-NAME, brightness-NAME,
placement-NAME, sigma-N, symmetry-NAME, expected-NAME, score-NAME, prompt-NAME, chooser-NAME, refine-NAME; a wrong name
tells them all.
A part of train/good is kept away from every fit, and anomalies are made in it: by these settings are chosen. The test
images are reported and no setting is chosen by them.
An ablation that is interrupted goes on with the same command; rows that are in ablation.json are not run again. Until it
is done its encodings stay in .mias-encodings below the output.`;

export function ablateCommand(context: CommandContext): Command {
  const command = new Command("ablate")
    .description("compare settings on made anomalies in normal images, and on the test images if asked for")
    .argument("<dataset>", "folder of the data set")
    .option(
      "-o, --output <folder>",
      "folder for ablation.json, .md, .csv, .svg and report.html",
      "mias-ablation",
    )
    .option("--rows <names>", "settings to run, separated by commas (default: all)", (text) =>
      text.split(","),
    )
    .option("--count <n>", "images with made anomalies", wholeNumber(1, MOST_MADE), 60)
    .option(
      "--seed <n>",
      "seed of the split, the made anomalies, the sampling and the hold-out",
      wholeNumber(0),
      0,
    )
    .option("--test", "measure the test images too")
    .option(
      "--mask-rule <rule>",
      `values of a test image's mask file that belong to the lesion: ${MASK_RULES.join(", ")}`,
      maskRule,
      ">0",
    )
    .option("--no-cache", "encode images anew for each setting; else encodings are kept on disk meanwhile");
  return withCommonOptions(command)
    .addHelpText("after", EXAMPLES)
    .action(async (dataset: string, flags: AblateFlags) => {
      const { console, progress, job } = toolsOf(flags, context);
      const { output, rows, count, seed, test, maskRule, cache } = flags;
      try {
        const doc = await ablate(dataset, {
          ...{ ...job, output, count, seed, maskRule, cache },
          ...given({ rows, test }),
        });
        progress.stop();
        console.issues([...doc.issues, ...issuesOfRows(doc)]);
        console.result(doc, describeAblation(doc, output));
        context.finish(doc.issues.some(({ severity }) => severity === "error") ? EXIT.failed : EXIT.done);
      } finally {
        progress.stop();
      }
    });
}

/** What the rows brought, each sentence once. */
function issuesOfRows({ rows }: AblationDocument): Issue[] {
  const all = rows.flatMap(({ validation, test }) => [
    ...(validation?.issues ?? []),
    ...(test?.issues ?? []),
  ]);
  return [...new Map(all.map((found) => [found.message, found])).values()];
}

function describeAblation(doc: AblationDocument, output: string): string[] {
  const { learned, validationGood, synthetic } = doc.images;
  const best = bestRows(doc);
  const dice = metric(best[0]?.validation?.measures.dice ?? null);
  const names = best.map(({ name }) => name).join(", ");
  return [
    `${learned} normal images learned; validation: ${synthetic} with made anomalies, ${validationGood} unaltered`,
    ...setsOf(doc).flatMap((set) => [SET_TITLES[set], ...tableOf(doc, set)]),
    ...(names ? [`greatest DICE on the validation set: ${names}, ${dice}`] : []),
    `report in ${output.replace(/\/$/, "")}/report.html`,
    doc.disclaimer,
  ];
}

function tableOf({ rows }: AblationDocument, set: AblationSet): string[] {
  const header = ["setting", ...MEASURE_COLUMNS.map(({ heading }) => heading)];
  const lines = rowsOfTable(rows, set).map(({ row, cells }) => [
    row.name,
    ...cells.map(({ text, best }) => (best ? `${text} *` : text)),
  ]);
  return tableLines([header, ...lines]);
}
