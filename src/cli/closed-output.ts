import { EXIT } from "./exit.ts";

/** Lets the reader of a pipe leave early (`mias inspect x | head -1`); says so where an output cannot be written. */
export function handleClosedOutput(): void {
  for (const [name, stream] of Object.entries({ output: process.stdout, errors: process.stderr })) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") return;
      process.stderr.write(
        `error: standard ${name} cannot be written (${error.code}); check where it leads\n`,
      );
      process.exit(EXIT.failed);
    });
  }
}
