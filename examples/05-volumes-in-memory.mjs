// @ts-check
// Volumes without files: bytes of NIfTI in, slices learned, a volume segmented, labels as bytes of NIfTI out. With
// readSeriesVolume and encodeSegmentation in the place of readVolume and encodeNifti it is DICOM; the same lines run in
// a browser.
//
//   node examples/05-volumes-in-memory.mjs

import { readFile } from "node:fs/promises";
import { createRuntime, createSegmenter, fitBank, fitOptions, loadModel, segmentOptions } from "mias-sam";
import { encodeNifti, headVolume, openStack, readVolume, slicedAlike } from "mias-sam/clinical";
import ort from "onnxruntime-node";

const model = await loadModel(createRuntime(ort), {
  name: "litemedsam",
  read: (file) => readFile(new URL(import.meta.resolve(`mias-sam/models/litemedsam/${file}`))),
});

/**
 * A made head of 5 slices, as the bytes that a reader would get.
 * @param {number} seed
 * @param {("bright" | "dark")[]} lesions
 */
const head = (seed, lesions) => {
  const { volume } = headVolume({ seed, size: 96, slices: 5, spacing: 4, lesions });
  return encodeNifti(Uint16Array.from(volume.data), volume.size, volume.geometry);
};

// Each slice of a normal volume that shows something is an image to learn.
const normals = [];
for (const seed of [1, 2]) {
  const { stack } = openStack(await readVolume(`normal ${seed}`, head(seed, [])));
  for (let index = 0; index < stack.plan.count; index++) {
    const { image, empty } = stack.slice(index);
    if (!empty) normals.push({ name: `normal ${seed} slice ${index}`, read: async () => image });
  }
}
const { bank } = await fitBank(model, normals, fitOptions(model.features, { rows: 2048 }), {
  slicing: { axis: "axial", window: null },
});
console.log(`${normals.length} slices learned`);

const scan = await readVolume("scan", head(7, ["bright", "dark"]));
const { stack } = openStack(scan, slicedAlike(bank)); // as what was learned
const segmenter = await createSegmenter(model, bank, segmentOptions("default", { empty: "never" }));
const found = await segmenter.segmentVolume(stack);
for (const { label, volumeMl, slices, centreLps } of found.lesions) {
  const place = centreLps?.map(Math.round).join(", ");
  console.log(`lesion ${label}: ${volumeMl?.toFixed(1)} ml, slices ${slices.join(" to ")}, at (${place}) mm`);
}
const labels = encodeNifti(found.labels, scan.size, scan.geometry);
console.log(`labels in ${labels.length} bytes of NIfTI`);

await segmenter.release();
await model.release();
