// @ts-check
// Slices a second of a volume, beside the same slices segmented as images: two made heads, each way twice.
// usage: node bench/volumes.mjs FOLDER

import { join } from "node:path";
import { headVolume, openStack } from "mias-sam/clinical";
import { createSegmenter, openBank, openModel, segmentOptions } from "mias-sam/node";

const folder = process.argv[2];
const model = await openModel({});
const bank = await openBank(join(folder, "volumes.bank"));
const segmenter = await createSegmenter(model, bank, segmentOptions("default"));
const stacks = [11, 12].map((seed) => openStack(headWithLesions(seed)).stack);
const ways = { images: asImages, volume: (/** @type {Stack} */ stack) => segmenter.segmentVolume(stack) };

await asImages(stacks[0]);
const seconds = { images: 0, volume: 0 };
for (let round = 0; round < 2; round++) {
  for (const way of /** @type {const} */ (["images", "volume"])) {
    const started = performance.now();
    for (const stack of stacks) await ways[way](stack);
    seconds[way] += (performance.now() - started) / 1000;
  }
}
await segmenter.release();
await model.release();
const slices = 2 * stacks.reduce((sum, { plan }) => sum + plan.count, 0);
process.stdout.write(
  JSON.stringify({ imagesPerSecond: slices / seconds.images, slicesPerSecond: slices / seconds.volume }),
);

/** @typedef {import("mias-sam/clinical").VolumeStack} Stack */

/** @param {number} seed */
function headWithLesions(seed) {
  return headVolume({ seed, size: 128, slices: 20, spacing: 4, lesions: ["bright", "dark"] }).volume;
}

/** @param {Stack} stack */
async function asImages(stack) {
  for (let index = 0; index < stack.plan.count; index++) {
    const { image, empty } = stack.slice(index);
    if (!empty) await segmenter.segment(image);
  }
}
