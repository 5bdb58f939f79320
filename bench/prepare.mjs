// @ts-check
// Phantoms and banks for the benchmarks: 80 normal heads, 25 normal and 25 others to segment, banks of several sizes; and
// a bank of normal volumes.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { encodeNifti, headVolume } from "mias-sam/clinical";
import { fit, phantomDataset } from "mias-sam/node";
import sharp from "sharp";

export const BANK_ROWS = [4096, 16384, 32768, 65536];
/** What `fit` keeps unless told. */
export const DEFAULT_ROWS = 32768;

/**
 * Makes everything below `folder`.
 * @param {string} folder
 * @returns what `fit` reported for each bank
 */
export async function prepare(folder) {
  for (const item of phantomDataset({ seed: 1, trainGood: 80, testGood: 25, testAnomalous: 25 })) {
    const path = join(folder, "phantoms", item.path);
    await mkdir(dirname(path), { recursive: true });
    const { width, height, data } = item.image;
    await writeFile(
      path,
      await sharp(data, { raw: { width, height, channels: 1 } })
        .png()
        .toBuffer(),
    );
  }
  const reports = [];
  for (const rows of BANK_ROWS) {
    const output = join(folder, `${rows}.bank`);
    reports.push(await fit([join(folder, "phantoms", "train", "good")], { output, options: { rows } }));
  }
  await learnVolumes(folder);
  return reports;
}

/** @param {string} folder */
async function learnVolumes(folder) {
  const normals = join(folder, "volumes");
  await mkdir(normals);
  for (const seed of [1, 2, 3]) {
    const { volume } = headVolume({ seed, size: 128, slices: 20, spacing: 4 });
    const bytes = encodeNifti(Uint16Array.from(volume.data), volume.size, volume.geometry);
    await writeFile(join(normals, `${seed}.nii.gz`), bytes);
  }
  await fit([normals], { output: join(folder, "volumes.bank"), options: { rows: DEFAULT_ROWS } });
}
