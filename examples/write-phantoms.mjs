// @ts-check
// Head phantoms as PNG files, for examples that start from folders. Your own images take their place.

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { phantomDataset } from "mias-sam";
import sharp from "sharp";

/**
 * Writes `normal` images to FOLDER/train/good and `anomalous` ones to FOLDER/test/<kind>.
 * @param {string} folder
 * @param {{ normal: number, anomalous: number }} counts
 */
export async function writePhantoms(folder, { normal, anomalous }) {
  for (const { path, image } of phantomDataset({
    seed: 1,
    trainGood: normal,
    testGood: 0,
    testAnomalous: anomalous,
  })) {
    const { width, height, channels, data } = image;
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await sharp(data, { raw: { width, height, channels } }).toColourspace("b-w").png().toFile(file);
  }
}
