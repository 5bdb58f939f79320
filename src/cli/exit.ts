import type { ErrorCode, MiasError } from "../errors.ts";

/** `failed`: something could not be processed, the rest was. */
export const EXIT = { done: 0, failed: 1, wrongUse: 2, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Errors that the user mends by calling differently; the others are in files, disks and machines. */
const WRONG_USE: readonly ErrorCode[] = [
  "usage",
  "no-images",
  "too-few-images",
  "dataset-unrecognised",
  "bank-foreign",
  "bank-older",
  "bank-newer",
  "bank-model-mismatch",
];

/** How a run ends that this error ended. */
export function exitCodeOf({ code }: MiasError): ExitCode {
  return WRONG_USE.includes(code) ? EXIT.wrongUse : EXIT.failed;
}
