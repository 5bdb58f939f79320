// The built command line as a user runs it: a process of its own, in dist/.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The file that `mias` starts. */
export const MIAS = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));

export interface RunOptions {
  readonly cwd?: string;
  /** Sends a signal as soon as the text on stderr matches. */
  readonly interrupt?: { readonly at: RegExp; readonly signal: NodeJS.Signals };
  /** A program with its arguments that starts it, such as ["unshare", "-n"]. */
  readonly under?: readonly string[];
}

/** How a process ended, and what it said. */
export interface Run {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Far beyond what any call needs, so that a hanging one fails its test. */
const MOST_MILLISECONDS = 300_000;

/** Runs `mias` with the arguments and waits for its end. */
export function runMias(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  if (!existsSync(MIAS)) throw new Error(`${MIAS} must exist, run "npm run build" first`);
  const [program, ...rest] = [...(options.under ?? []), process.execPath, MIAS, ...args];
  const child = spawn(program, rest, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: MOST_MILLISECONDS,
    killSignal: "SIGKILL",
  });
  const said = { stdout: "", stderr: "" };
  let interrupted = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
    if (interrupted || !options.interrupt?.at.test(said.stderr)) return;
    interrupted = true;
    child.kill(options.interrupt.signal);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
  });
}

/** The document on stdout, which must be the only thing there. */
export function documentOf<T>(run: Run): T {
  return JSON.parse(run.stdout) as T;
}

/** What a failed run prints with --json. */
export interface FailureDocument {
  readonly error: { readonly code: string; readonly message: string };
}
