// What commander says of a wrong call, in the words of this program: subject, rule, value, what to do. Commander 14
// tells no more than a code and its own sentence, so the names are taken from that; a sentence that is not known here
// stays as it is.

import type { CommanderError } from "commander";

type Sentence = readonly [pattern: RegExp, sentence: (...parts: string[]) => string];

const SENTENCES: Readonly<Record<string, Sentence>> = {
  "commander.unknownCommand": [/^unknown command '(.*?)'/s, (name) => `command ${name} is unknown`],
  "commander.unknownOption": [/^unknown option '(.*?)'/s, (flag) => `option ${flag} is unknown`],
  "commander.optionMissingArgument": [
    /^option '(.*)' argument missing/s,
    (flags) => `option ${flags} must have a value, got none`,
  ],
  "commander.missingMandatoryOptionValue": [
    /^required option '(.*)' not specified/s,
    (flags) => `option ${flags} must be given, got none`,
  ],
  "commander.missingArgument": [
    /^missing required argument '(.*)'/s,
    (name) => `argument <${name}> must be given, got none`,
  ],
  "commander.excessArguments": [
    /^too many arguments(?: for '(.*)')?\. Expected (\d+) arguments? but got (\d+)/s,
    (command, most, given) => `command ${command} must have ${countOf(most)}, got ${given}`,
  ],
  "commander.invalidArgument": [
    /^option '(.*?)' argument '(.*)' is invalid\. (.*)$/s,
    (flags, value, rule) => `option ${flags} ${ruleOf(rule)}, got "${value}"`,
  ],
};

/**
 * One sentence on a wrong call of `command`, or of the program itself.
 * @param exists whether there is a file of a name
 */
export function wrongCall(
  error: CommanderError,
  command: string | undefined,
  exists: (name: string) => boolean,
): string {
  const said = error.message.replace(/^error: /, "");
  const parts = SENTENCES[error.code]?.[0].exec(said)?.slice(1);
  const fault = parts === undefined ? said : SENTENCES[error.code][1](...parts);
  const [name] = parts ?? [];
  if (error.code === "commander.unknownOption" && name !== undefined && exists(name)) {
    return `${fault}; if the file of this name is meant, write ./${name}`;
  }
  const similar = /\(Did you mean (?:one of )?(.*)\?\)/.exec(said)?.[1];
  const help = `see mias ${command === undefined ? "" : `${command} `}--help`;
  return `${fault}; ${similar === undefined ? help : `use ${similar}, or ${help}`}`;
}

function countOf(most: string): string {
  if (most === "0") return "no argument";
  return most === "1" ? "one argument" : `at most ${most} arguments`;
}

/** Our own rules go on from the option's name; commander has one of its own, for options with a closed set of values. */
function ruleOf(rule: string): string {
  return rule.replace(/^Allowed choices are (.*)\.$/s, "must be one of $1");
}
