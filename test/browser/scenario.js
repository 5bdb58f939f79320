// What is done alike in Node and in the browser: learn from made heads, then draw the lesions of another.

const SIZE = 200; // not the model's 256, so that pixels are resampled both ways
const NORMAL_SEEDS = [1, 2, 3, 4];

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
  const { image } = core.headPhantom({ seed: 1, size: SIZE, lesions: 2 });
  const segmenter = await core.createSegmenter(model, bank, core.segmentOptions(bank.options.preset));
  const found = await segmenter.segment(image);
  await segmenter.release();
  return { pixels: image.data, map: found.map.data, mask: found.mask.data, score: found.score, pValue: found.pValue, lesions: found.lesions.length, seconds: found.seconds, box: found.lesions.map(l=>[l.area,l.box])};
}
