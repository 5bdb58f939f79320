// What the command line says and where: one JSON document or the result's lines on stdout, all else on stderr.

import type { MiasError } from "../errors.ts";
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
}

export function createConsole({ json, quiet, verbose }: ConsoleOptions): Console {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  const error = (text: string) => process.stderr.write(`${text}\n`);
  return {
    result: (document, lines) => {
      if (json) print(JSON.stringify(document, null, 2));
      else if (!quiet) for (const line of lines) print(line);
    },
    issues: (issues) => {
      for (const { severity, message } of issues) {
        if (severity === "error" || (!quiet && (severity === "warning" || verbose)))
          error(`${severity}: ${message}`);
      }
    },
    error,
    fail: (failure) => {
      error(`error: ${failure.message}`);
      if (verbose && failure.cause instanceof Error) error(String(failure.cause.stack));
      if (json) print(JSON.stringify({ error: { code: failure.code, message: failure.message } }, null, 2));
    },
  };
}
