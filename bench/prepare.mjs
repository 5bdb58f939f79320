// @ts-check
// Phantoms and banks for the benchmarks: 80 normal heads, 25 normal and 25 others to segment, banks of several sizes.

import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fit, phantomDataset } from "mias-sam/node";
import sharp from "sharp";

export const BANK_ROWS = [4096, 16384, 65536];

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
  return reports;
}
