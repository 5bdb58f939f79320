// What the command line says and where: one JSON document or the result's lines on stdout, all else on stderr.

import type { ErrorCode, MiasError } from "../errors.ts";
import type { Issue } from "../types.ts";

export interface ConsoleOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

export interface Console {
  /** The result: `document` with --json, else `lines`. */
  result(document: unknown, lines: readonly string[]): void;
  /** Odd things about the data; notes only with --verbose. */
  issues(issues: readonly Issue[]): void;
  error(text: string): void;
  /** An error that ended the run; a JSON document of its own with --json. */
  fail(error: MiasError): void;
  /** The JSON document of a run that gave no result, with --json. */
  failure(code: ErrorCode | "interrupted", message: string): void;
}

export function createConsole({ json, quiet, verbose }: ConsoleOptions): Console {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const error = (text: string) => process.stderr.write(`${text}\n`);
  const failure = (code: string, message: string) => {
    if (json) print(JSON.stringify({ error: { code, message } }, null, 2));
  };
  return {
    result: (document, lines) => {
      if (json) print(JSON.stringify(document, null, 2));
      else if (!quiet) for (const line of lines) print(line);
    },
    issues: (issues) => {
      for (const found of issues) {
        if (found.severity === "error" || (!quiet && (found.severity === "warning" || verbose)))
          error(oneLine(`${found.severity}: ${sentence(found)}`));
      }
    },
    error,
    fail: ({ code, message, cause }) => {
      error(oneLine(`error: ${message}`));
      if (verbose && cause instanceof Error) error(String(cause.stack));
      failure(code, message);
    },
    failure,
  };
}

/** The message, and where it does not name what it is about, that too. */
function sentence({ subject, message }: Issue): string {
  return message.includes(subject) ? message : `${subject}: ${message}`;
}

/** A name of a file may hold anything, even what moves the cursor of a terminal. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "?");
}
