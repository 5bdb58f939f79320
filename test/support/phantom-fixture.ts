// One small data set of phantoms and one bank for all tests of a run, made when the first test asks for them.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { greyToPng, maskToPng } from "../../src/io/write-raster.ts";
import { phantomDataset } from "../../src/phantom/dataset.ts";
import { runMias } from "./run-mias.ts";
import { scratchFolder } from "./scratch-folder.ts";

export interface PhantomFixture {
  /** An MVTec data set: NORMALS images in train/good; test/good/000, test/bright/000, test/dark/000. */
  readonly dataset: string;
  readonly normals: string;
  /** What `mias fit NORMALS -o BANK` with FIT_OPTIONS wrote. */
  readonly bank: string;
}

export const NORMALS = 5;
/** Few rows: the tests are about files and processes, not about the quality of masks. */
export const FIT_OPTIONS = ["--rows", "512"] as const;
/** Side of every phantom. */
export const SIDE = 128;

export async function phantomFixture(): Promise<PhantomFixture> {
  const folder = scratchFolder("phantoms");
  const dataset = join(folder, "set");
  const fixture = { dataset, normals: join(dataset, "train", "good"), bank: join(folder, "normal.bank") };
  if (existsSync(fixture.bank)) return fixture;
  await writeDataset(dataset);
  const run = await runMias(["fit", fixture.normals, "-o", fixture.bank, ...FIT_OPTIONS]);
  if (run.code !== 0) throw new Error(`the bank of the tests could not be made: ${run.stderr}`);
  return fixture;
}

async function writeDataset(root: string): Promise<void> {
  for (const item of phantomDataset({
    seed: 1,
    trainGood: NORMALS,
    testGood: 1,
    testAnomalous: 2,
    size: SIDE,
  })) {
    writeBelow(root, item.path, await greyToPng(item.image));
    if (item.mask && item.maskPath) writeBelow(root, item.maskPath, await maskToPng(item.mask));
  }
}

/** Writes a file below `root` with the folders of its name. */
export function writeBelow(root: string, name: string, bytes: Uint8Array | string): string {
  const path = join(root, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}
