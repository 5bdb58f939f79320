import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { withFileSource } from "./file-source.ts";

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "mias-source-"));
  writeFileSync(join(root, "file"), "0123456789");
  mkdirSync(join(root, "folder"));
});
afterAll(() => rmSync(root, { recursive: true }));

test("reads the bytes that are asked for", async () => {
  const read = await withFileSource(join(root, "file"), async ({ size, read }) => [size, await read(3, 4)]);
  expect(read).toEqual([10, new Uint8Array(Buffer.from("3456"))]);
});

describe("is wrong use:", () => {
  const refusal = (name: string, sentence: string) =>
    expectMiasError(
      withFileSource(join(root, name), async () => undefined),
      "usage",
      `${name} ${sentence}; check`,
    );

  test("what does not exist, in whatever way", async () => {
    symlinkSync("loop", join(root, "loop"));
    await refusal("none", "does not exist");
    await refusal("file/below", "does not exist");
    await refusal("loop", "does not exist");
    await refusal("n".repeat(300), "does not exist");
  });

  test("a folder", () => refusal("folder", "must be a file, got a folder"));

  test.skipIf(process.platform === "win32")(
    "a pipe, on which nobody waits (skipped on Windows)",
    async () => {
      execFileSync("mkfifo", [join(root, "pipe")]);
      await refusal("pipe", "must be a file, got a device or the like");
    },
  );
});
