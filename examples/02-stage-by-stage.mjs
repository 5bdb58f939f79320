// @ts-check
// The core alone, without files of its own: runtime, model, fit, bank bytes, segmenter, every mask considered.
// The same lines run in a browser with `onnxruntime-web` and a `read` that fetches the model's files.
//
//   node examples/02-stage-by-stage.mjs

import { readFile } from "node:fs/promises";
import {
  createRuntime,
  createSegmenter,
  encodeBank,
  fitBank,
  fitOptions,
  headPhantom,
  loadModel,
  memorySource,
  readBank,
  segmentOptions,
} from "mias-sam";
import ort from "onnxruntime-node";

const runtime = createRuntime(ort);
const model = await loadModel(runtime, {
  name: "litemedsam",
  read: (file) => readFile(new URL(import.meta.resolve(`mias-sam/models/litemedsam/${file}`))),
});
console.log(`model ${model.manifest.id}, taps ${model.features.taps.join(", ")}`);

// An image is a record of pixels; here made ones, anywhere else what your reader gives.
const normals = Array.from({ length: 8 }, (_, i) => ({
  name: `normal ${i}`,
  read: async () => headPhantom({ seed: i }).image,
}));
const { bank } = await fitBank(model, normals, fitOptions(model.features, { rows: 4096, seed: 7 }));

// A bank is bytes: keep them anywhere, read them back from anywhere.
const bytes = new Uint8Array(await new Blob((await encodeBank(bank)).map(copied)).arrayBuffer());
const again = await readBank(memorySource("heads.bank", bytes));
console.log(`bank of ${again.rows} rows in ${bytes.length} bytes`);

const segmenter = await createSegmenter(model, again, segmentOptions(again.options.preset));
const patient = headPhantom({ seed: 100, lesions: [{ kind: "bright", area: 900 }] });
const result = await segmenter.segment(patient.image, { hierarchy: true });
console.log(`score ${result.score.toFixed(1)}, p ${result.pValue.toFixed(2)}`);
for (const { label, mask, quality, chosen } of result.hierarchy ?? []) {
  const area = mask.data.reduce((sum, value) => sum + value, 0);
  console.log(`${chosen ? "*" : " "} ${label}: ${area} pixels, quality ${quality.toFixed(2)}`);
}

await segmenter.release();
await model.release();

/**
 * Blob takes arrays that own their memory.
 * @param {Uint8Array} chunk
 */
function copied(chunk) {
  return new Uint8Array(chunk);
}
