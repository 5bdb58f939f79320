import { existsSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { temporaryFolder } from "./temporary-folder.ts";

afterEach(() => vi.unstubAllEnvs());

test.skipIf(process.platform === "win32")("only its user may read it and what is in it", async () => {
  const folder = await temporaryFolder();
  const file = await folder.write("deep/000001.dcm", Uint8Array.of(1));
  const modeOf = (path: string) => statSync(path).mode & 0o777;
  const deep = dirname(file);
  expect([modeOf(dirname(deep)), modeOf(deep), modeOf(file)]).toEqual([0o700, 0o700, 0o600]);
  await folder.remove();
  expect(existsSync(dirname(deep))).toBe(false);
});

test("it is gone when the process ends, and forgotten when it was removed before", async () => {
  const listeners = () => process.listenerCount("exit");
  const before = listeners();
  const folder = await temporaryFolder();
  const file = await folder.write("1.dcm", Uint8Array.of(1));
  process.listeners("exit").at(-1)?.(0);
  expect(existsSync(dirname(file))).toBe(false);
  await folder.remove();
  expect(listeners()).toBe(before);
});

test("a place that takes nothing is refused", async () => {
  const folder = await temporaryFolder();
  await folder.write("1.dcm", Uint8Array.of(1));
  await expectMiasError(folder.write("1.dcm", Uint8Array.of(1)), "output-unwritable", "got EEXIST");
  await folder.remove();
  vi.stubEnv("TMPDIR", `${tmpdir()}/does-not-exist`);
  await expectMiasError(temporaryFolder(), "output-unwritable", "name another folder by TMPDIR");
});
