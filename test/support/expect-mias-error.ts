import { expect } from "vitest";
import { type ErrorCode, MiasError } from "../../src/errors.ts";

/** Awaits the failure of `work`: a MiasError of this code, whose message holds `part`. */
export async function expectMiasError(
  work: Promise<unknown> | (() => unknown),
  code: ErrorCode,
  part = "",
): Promise<void> {
  const outcome = typeof work === "function" ? Promise.resolve().then(work) : work;
  const error = await outcome.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error, `expected a MiasError ${code}`).toBeInstanceOf(MiasError);
  expect(error).toMatchObject({ code });
  expect((error as MiasError).message).toContain(part);
}
