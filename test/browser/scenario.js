// What Node and the browser both do with the core they are given: learn from made heads, then draw the lesion in
// one of them that has fallen ill. Types are in scenario.d.ts; this is JavaScript because the page loads it as it is.

/** Not the model's 256, so that pixels are resampled on the way in and out. */
const SIZE = 200;
const NORMAL_SEEDS = [1, 2, 3, 4];
const ILL = { seed: 1, size: SIZE, lesions: 1 };

export async function learn(core, model) {
  const images = NORMAL_SEEDS.map((seed) => {
    const { image } = core.headPhantom({ seed, size: SIZE });
    return { name: image.name, read: async () => image };
  });
  const options = core.fitOptions(model.features, { rows: 1024, holdOut: 0.5 });
  const { bank } = await core.fitBank(model, images, options);
  return bank;
}

export async function segment(core, model, bank) {
  const { image, mask: truth } = core.headPhantom(ILL);
  const segmenter = await core.createSegmenter(model, bank, core.segmentOptions(bank.options.preset));
  try {
    const { map, mask, score, pValue } = await segmenter.segment(image);
    return { pixels: image.data, truth: truth.data, map: map.data, mask: mask.data, score, pValue };
  } finally {
    await segmenter.release();
  }
}
