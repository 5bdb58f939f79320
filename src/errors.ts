/** What can be wrong with a caller's request or a file; each says subject, rule and value in one sentence. */
export type ErrorCode =
  | "usage"
  | "image-unreadable"
  | "image-unsupported"
  | "no-images"
  | "too-few-images"
  | "mask-mismatch"
  | "dataset-unrecognised"
  | "bank-unreadable"
  | "bank-foreign"
  | "bank-older"
  | "bank-newer"
  | "bank-model-mismatch"
  | "checkpoint-mismatch"
  | "model-unreadable"
  | "output-unwritable"
  | "server-refused"
  | "server-failed";

/** A caller's or a file's fault. Our own faults are assertions. */
export class MiasError extends Error {
  override readonly name = "MiasError";
  readonly code: ErrorCode;
  /** The file, image or option it is about. */
  readonly subject: string;

  constructor(code: ErrorCode, subject: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
    this.subject = subject;
  }
}

/** Narrows an unknown error to ours, and to one of `codes` where given. */
export function isMiasError(error: unknown, ...codes: readonly ErrorCode[]): error is MiasError {
  return error instanceof MiasError && (codes.length === 0 || codes.includes(error.code));
}
