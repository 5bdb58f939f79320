import { EXIT } from "./exit.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** A signal that Ctrl-C (or SIGTERM) aborts; a second one ends the process at once. */
export function interruptSignal(): { signal: AbortSignal; dispose(): void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
    // A terminal has written ^C on the line of the cursor.
    const start = process.stderr.isTTY ? "\n" : "";
    process.stderr.write(`${start}stopping after the image at hand; press Ctrl-C again to stop at once\n`);
  };
  for (const name of SIGNALS) process.on(name, interrupt);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of SIGNALS) process.off(name, interrupt);
    },
  };
}
