// The built command line as a user runs it: a process of its own, in dist/.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The file that `mias` starts. */
export const MIAS = fileURLToPath(new URL("../../dist/cli/bin.js", import.meta.url));

export interface RunOptions {
  readonly cwd?: string;
  /** Signals, in order, each sent as soon as the text on stderr matches. */
  readonly signals?: readonly { readonly at: RegExp; readonly signal: NodeJS.Signals }[];
  /** What else happens, each as soon as the text on stderr matches. */
  readonly events?: readonly { readonly at: RegExp; act(): unknown }[];
  /** Variables of the environment beside those of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  /** A program with its arguments that starts it, such as ["unshare", "-n"]. */
  readonly under?: readonly string[];
  /** Milliseconds after which it is killed, so that a hanging one fails its test. @default 300,000 */
  readonly timeout?: number;
}

/** How a process ended, and what it said. */
export interface Run {
  /** null where a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `mias` with the arguments and waits for its end. */
export function runMias(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  if (!existsSync(MIAS)) throw new Error(`${MIAS} must exist, run "npm run build" first`);
  const [program, ...rest] = [...(options.under ?? []), process.execPath, MIAS, ...args];
  const child = spawn(program, rest, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: { ...process.env, ...options.env } }),
    stdio: ["ignore", "pipe", "pipe"],
    timeout: options.timeout ?? 300_000,
    killSignal: "SIGKILL",
  });
  const said = { stdout: "", stderr: "" };
  const signals = [...(options.signals ?? [])];
  const events = [...(options.events ?? [])];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said.stderr += text;
    if (signals[0]?.at.test(said.stderr)) child.kill(signals.shift()?.signal);
    if (events[0]?.at.test(said.stderr)) events.shift()?.act();
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
