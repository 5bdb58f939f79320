// @ts-check
// The metrics of `mias evaluate` for a method of your own: hand in score, map and mask of each test image.
// The method here is a plain baseline, and a poor one since heads differ: how far each pixel is from the same pixel of
// normal images.
//
//   node examples/04-own-metrics.mjs

import { createEvaluation, intensityBaseline, phantomDataset } from "mias-sam";

/** @typedef {import("mias-sam").MedicalImage} MedicalImage */

const items = [...phantomDataset({ seed: 3, trainGood: 20, testGood: 5, testAnomalous: 10 })];
const { mean, std } = pixelStatistics(
  items.filter(({ split }) => split === "train").map(({ image }) => image),
);

const evaluation = createEvaluation();
for (const { path, kind, image, mask: truth } of items.filter(({ split }) => split === "test")) {
  const map = deviation(image);
  const mask = { ...map, data: Uint8Array.from(map.data, (value) => (value > 4 ? 1 : 0)) };
  const score = map.data.reduce((most, value) => Math.max(most, value), 0);
  const { map: baseline, body } = intensityBaseline(image);
  const answer = { score, map, mask, baseline, body, ...(truth ? { truth } : {}) };
  evaluation.add({ name: path, anomalous: kind !== "good", ...answer });
}

const { images, image, pixel, dice, falseAlarms, baseline, undefinedMetrics } = evaluation.finish();
console.log(`${images.good} good and ${images.anomalous} anomalous images`);
console.log(`image AUROC ${image.auroc?.toFixed(3)}`);
console.log(`pixel AUROC ${pixel.auroc?.toFixed(3)}, AUPRO ${pixel.aupro?.toFixed(3)}`);
console.log(
  `DICE ${dice.anomalousMean?.toFixed(3)}, at the best threshold ${dice.bestThreshold?.toFixed(3)}`,
);
console.log(`${falseAlarms} good images have a mask`);
console.log(
  `inside the head: pixel AUROC ${pixel.aurocBody?.toFixed(3)}, brightness alone ${baseline?.pixel.aurocBody?.toFixed(3)}`,
);
for (const [metric, reason] of Object.entries(undefinedMetrics)) console.log(`${metric}: ${reason}`);

/**
 * Mean and standard deviation of each pixel.
 * @param {readonly MedicalImage[]} normals images of one size
 */
function pixelStatistics(normals) {
  const mean = new Float64Array(normals[0].data.length);
  const std = new Float64Array(mean.length);
  for (let i = 0; i < mean.length; i++) {
    const values = normals.map(({ data }) => data[i]);
    mean[i] = values.reduce((sum, value) => sum + value, 0) / values.length;
    std[i] = Math.sqrt(values.reduce((sum, value) => sum + (value - mean[i]) ** 2, 0) / values.length);
  }
  return { mean, std };
}

/**
 * How many standard deviations each pixel is from its mean. One grey value is added to the standard deviation, so that
 * pixels that never differ do not divide by zero.
 * @param {MedicalImage} image
 */
function deviation({ width, height, data }) {
  const values = Float32Array.from(data, (value, i) => Math.abs(value - mean[i]) / (std[i] + 1));
  return { width, height, data: values };
}
