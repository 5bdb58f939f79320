import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { scratchFolder } from "../../test/support/scratch-folder.ts";
import type { SeenSlice } from "../pipeline/slice-store.ts";
import { openSliceStore, type SliceRun } from "./slice-store.ts";

const run: SliceRun = {
  ...{ bankSha256: "a".repeat(64), modelSha256: "b".repeat(64), version: "1.0.0" },
  ...{ volume: "123 456", slicing: { axis: "axial", window: "brain" } },
};
const seen: SeenSlice = {
  score: 1 / 3,
  beyond: { width: 2, height: 1, data: Float32Array.of(0.1, -7) },
  embedding: { name: "neck", channels: 1, height: 1, width: 3, data: Uint16Array.of(1, 65535, 3) },
};
let folder: string;
let number = 0;

beforeEach(() => {
  folder = join(scratchFolder("slice-store"), String(number++));
});

test("gives back what was kept, also to a later run", async () => {
  const store = await openSliceStore(folder, run);
  expect(await store.load(7)).toBeUndefined();
  await store.save(7, seen);
  expect(await store.load(7)).toEqual(seen);
  expect(await (await openSliceStore(folder, run)).load(7)).toEqual(seen);
});

test.each([
  ["bank", { bankSha256: "c".repeat(64) }],
  ["model", { modelSha256: "c".repeat(64) }],
  ["volume", { volume: "123 457" }],
  ["slicing", { slicing: { axis: "axial", window: "bone" } }],
  ["version", { version: "1.0.1" }],
])("never uses what was kept with another %s", async (_, change) => {
  await (await openSliceStore(folder, run)).save(0, seen);
  expect(await (await openSliceStore(folder, { ...run, ...change })).load(0)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(["stamp"]);
});

test("takes a file that is cut short, longer or foreign for none", async () => {
  const store = await openSliceStore(folder, run);
  await store.save(0, seen);
  const file = join(folder, "00000.slice");
  const whole = readFileSync(file);
  const foreign = Uint8Array.from(whole, (byte, i) => (i === 0 ? byte + 1 : byte));
  for (const bytes of [
    whole.subarray(0, 20),
    whole.subarray(0, -1),
    Buffer.concat([whole, whole]),
    foreign,
  ]) {
    writeFileSync(file, bytes);
    expect(await store.load(0)).toBeUndefined();
  }
});

test("is removed at the end", async () => {
  const store = await openSliceStore(folder, run);
  await store.save(0, seen);
  await store.remove();
  expect(existsSync(folder)).toBe(false);
});
