import { Command, CommanderError } from "commander";
import { type ErrorCode, isMiasError } from "../errors.ts";
import { DISCLAIMER, VERSION } from "../version.ts";
import { demoCommand } from "./commands/demo.ts";
import { evaluateCommand } from "./commands/evaluate.ts";
import { fitCommand } from "./commands/fit.ts";
import { inspectCommand } from "./commands/inspect.ts";
import { segmentCommand } from "./commands/segment.ts";
import { synthCommand } from "./commands/synth.ts";
import { createConsole } from "./console.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { interruptSignal } from "./interrupt.ts";

/** Errors that the user mends by calling differently; the others are in files, disks and machines. */
const WRONG_USE: readonly ErrorCode[] = [
  "usage",
  "no-images",
  "dataset-unrecognised",
  "bank-foreign",
  "bank-newer",
  "bank-model-mismatch",
];

/** Runs the command line; returns the exit code. Results go to stdout, all else to stderr. */
export async function main(argv: readonly string[]): Promise<ExitCode> {
  const { signal, dispose } = interruptSignal();
  let exitCode: ExitCode = EXIT.done;
  const program = new Command("mias")
    .description(`Learns normal medical images and segments what deviates. ${DISCLAIMER}`)
    .version(VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .showHelpAfterError("(add --help for the options and examples)")
    .exitOverride();
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  for (const command of [
    fitCommand,
    segmentCommand,
    evaluateCommand,
    synthCommand,
    demoCommand,
    inspectCommand,
  ]) {
    program.addCommand(command({ signal, finish }).copyInheritedSettings(program));
  }
  try {
    await program.parseAsync(["node", "mias", ...argv]);
    return exitCode;
  } catch (error) {
    return explain(error, signal, argv);
  } finally {
    dispose();
  }
}

function explain(error: unknown, signal: AbortSignal, argv: readonly string[]): ExitCode {
  const console = createConsole({
    json: argv.includes("--json"),
    quiet: false,
    verbose: argv.includes("--verbose"),
  });
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    console.failure("usage", error.message.replace(/^error: /, ""));
    return EXIT.wrongUse;
  }
  if (isMiasError(error)) {
    console.fail(error);
    return WRONG_USE.includes(error.code) ? EXIT.wrongUse : EXIT.failed;
  }
  if (!signal.aborted) throw error;
  const message = "interrupted; what was finished is kept";
  console.error(message);
  console.failure("interrupted", message);
  return EXIT.interrupted;
}
