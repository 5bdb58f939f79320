import { existsSync } from "node:fs";
import { Command, CommanderError } from "commander";
import { isDicomWebUrl } from "../dicomweb/dicomweb-url.ts";
import { isMiasError, MiasError } from "../errors.ts";
import { DISCLAIMER, VERSION } from "../version.ts";
import type { CommandContext } from "./common-options.ts";
import { createConsole } from "./console.ts";
import { EXIT, type ExitCode, exitCodeOf } from "./exit.ts";
import { interruptSignal } from "./interrupt.ts";
import { wrongCall } from "./wrong-call.ts";

type MakeCommand = (context: CommandContext) => Command;

/** The commands in order of the help. Each is loaded when it is asked for: what all of them need takes half a second. */
const COMMANDS: Readonly<Record<string, () => Promise<MakeCommand>>> = {
  fit: async () => (await import("./commands/fit.ts")).fitCommand,
  segment: async () => (await import("./commands/segment.ts")).segmentCommand,
  evaluate: async () => (await import("./commands/evaluate.ts")).evaluateCommand,
  synth: async () => (await import("./commands/synth.ts")).synthCommand,
  ablate: async () => (await import("./commands/ablate.ts")).ablateCommand,
  demo: async () => (await import("./commands/demo.ts")).demoCommand,
  inspect: async () => (await import("./commands/inspect.ts")).inspectCommand,
};

const VERSION_FLAGS: readonly string[] = ["-V", "--version"];

/** Commands whose inputs may be studies of a DICOMweb server. */
const TAKE_STUDIES: readonly string[] = ["fit", "segment"];

/** A short option of two letters, which commander would read as one letter and its value. */
const OUTPUT_TYPE = /^-ot(?==|$)/;

/** Runs the command line; returns the exit code. Results go to stdout, all else to stderr. */
export async function main(words: readonly string[]): Promise<ExitCode> {
  const argv = words.map((word) => word.replace(OUTPUT_TYPE, "--output-type"));
  const { signal, dispose } = interruptSignal();
  let exitCode: ExitCode = EXIT.done;
  const program = new Command("mias")
    .description(`Learns normal medical images and segments what deviates. ${DISCLAIMER}`)
    .version(VERSION, VERSION_FLAGS.join(", "), "print the version")
    .helpOption("-h, --help", "print help")
    .helpCommand(false)
    .configureOutput({ outputError: () => {} })
    .exitOverride();
  const finish = (code: ExitCode) => {
    exitCode = code;
  };
  for (const command of await commandsFor(argv)) {
    program.addCommand(command({ signal, finish }).copyInheritedSettings(program));
  }
  try {
    requireNames(argv);
    requireOwnFiles(argv);
    await program.parseAsync(["node", "mias", ...argv]);
    return exitCode;
  } catch (error) {
    const command = program.commands.find((known) => known.name() === argv[0]);
    return explain(misspelt(error, command, argv.slice(1)) ?? error, signal, argv, command?.name());
  } finally {
    dispose();
  }
}

/**
 * The command that is called; none for the version; all of them where the first word is no command, for the help and to
 * tell what was meant.
 */
function commandsFor([name = ""]: readonly string[]): Promise<MakeCommand[]> {
  if (VERSION_FLAGS.includes(name)) return Promise.resolve([]);
  const loaders = Object.hasOwn(COMMANDS, name) ? [COMMANDS[name]] : Object.values(COMMANDS);
  return Promise.all(loaders.map((load) => load()));
}

/** An empty argument is a variable of a script that is not set; as a path it would be the working folder. */
function requireNames(argv: readonly string[]): void {
  const place = argv.indexOf("");
  if (place < 0) return;
  const where = place === 0 ? "the first argument" : `the argument after ${argv[place - 1]}`;
  throw new MiasError("usage", where, `${where} must not be empty, got ""; name something, or leave it out`);
}

/** The other commands would take an address for a file, and name it, with what secrets it may hold. */
function requireOwnFiles([command, ...words]: readonly string[]): void {
  if (command === undefined || TAKE_STUDIES.includes(command) || !words.some(isDicomWebUrl)) return;
  const takers = TAKE_STUDIES.join(" and ");
  const message = `${command} must be given files, got an address of a DICOMweb server; only ${takers} take these`;
  throw new MiasError("usage", command, message);
}

/**
 * What is wrong where a required option is missing since it is misspelt: commander looks for required options first.
 * The command is parsed once more with nothing required, and does nothing.
 */
function misspelt(error: unknown, command: Command | undefined, words: readonly string[]): unknown {
  const isMissing = error instanceof CommanderError && error.code === "commander.missingMandatoryOptionValue";
  if (!isMissing || command === undefined) return undefined;
  for (const option of command.options) option.makeOptionMandatory(false);
  try {
    command.action(() => {}).parse(words, { from: "user" });
    return undefined;
  } catch (other) {
    return other instanceof CommanderError && other.code === "commander.unknownOption" ? other : undefined;
  }
}

function explain(
  error: unknown,
  signal: AbortSignal,
  argv: readonly string[],
  command: string | undefined,
): ExitCode {
  const console = createConsole({
    json: argv.includes("--json"),
    quiet: false,
    verbose: argv.includes("--verbose"),
  });
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.done;
    const sentence = wrongCall(error, command, existsSync);
    // Where no command is given, the help is what is said.
    if (error.code !== "commander.help") console.fail(new MiasError("usage", "call", sentence));
    else console.failure("usage", sentence);
    return EXIT.wrongUse;
  }
  if (isMiasError(error)) {
    console.fail(error);
    return exitCodeOf(error);
  }
  if (!signal.aborted) throw error;
  const message = "interrupted; what was finished is kept";
  console.error(message);
  console.failure("interrupted", message);
  return EXIT.interrupted;
}
