// @ts-check
// Times of this package: the encoder alone in ONNX Runtime, then whole images for each bank size.
// usage: node bench/ours.mjs FOLDER IMAGES

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import {
  createSegmenter,
  EMBEDDED_MODEL,
  listImages,
  openBank,
  openModel,
  readImage,
  segmentOptions,
} from "mias-sam/node";
import ort from "onnxruntime-node";
import { BANK_ROWS, DEFAULT_ROWS } from "./prepare.mjs";

const [folder, count] = [process.argv[2], Number(process.argv[3])];
const all = await listImages([join(folder, "phantoms", "test")]);
const files = Array.from({ length: count }, (_, i) => all[Math.floor((i * all.length) / count)]);

/** @param {number[]} values */
const median = (values) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const encoderSeconds = await timeEncoder();
const banks = [];
for (const rows of BANK_ROWS) banks.push({ rows, ...(await timeBank(rows, { empty: "never" })) });
const byDefault = await timeBank(DEFAULT_ROWS, {});
const firstImage = await timeFirstImage();
process.stdout.write(JSON.stringify({ encoderSeconds, firstImage, banks, byDefault }));

/** The encoder's own time an image: a bare session, nothing around it. */
async function timeEncoder() {
  const session = await ort.InferenceSession.create(await readFile(join(EMBEDDED_MODEL, "encoder.onnx")));
  const data = Float32Array.from({ length: 3 * 256 * 256 }, (_, i) => (i % 251) / 250);
  const image = new ort.Tensor("float32", data, [1, 3, 256, 256]);
  const seconds = [];
  for (let i = 0; i < count + 2; i++) {
    const started = performance.now();
    await session.run({ image });
    seconds.push((performance.now() - started) / 1000);
  }
  await session.release();
  return median(seconds.slice(2));
}

/**
 * @param {number} rows
 * @param {Partial<import("mias-sam").SegmentOptions>} options
 */
async function timeBank(rows, options) {
  const model = await openModel({});
  const bank = await openBank(join(folder, `${rows}.bank`));
  const segmenter = await createSegmenter(model, bank, segmentOptions("default", options));
  /** @type {Record<string, number[]>} */
  const seconds = { total: [], encode: [], search: [], decode: [] };
  for (const [i, file] of [files[0], files[1], ...files].entries()) {
    const result = await segmenter.segment(await readImage(file));
    if (i < 2) continue;
    for (const stage of Object.keys(seconds))
      seconds[stage].push(result.seconds[/** @type {"total"} */ (stage)]);
  }
  await segmenter.release();
  await model.release();
  return Object.fromEntries(
    Object.entries(seconds).map(([stage, values]) => [`${stage}Seconds`, median(values)]),
  );
}

/** A fresh process, from its start to the first mask on disk and to its end. */
async function timeFirstImage() {
  const output = join(folder, "first");
  const mask = join(output, "masks", basename(files[0]));
  const call = ["segment", files[0], "--bank", join(folder, `${DEFAULT_ROWS}.bank`), "-o", output, "--quiet"];
  /** @type {{ mask: number, end: number }[]} */
  const runs = [];
  for (let i = 0; i < 5; i++) {
    await rm(output, { recursive: true, force: true });
    const started = performance.now();
    const since = () => (performance.now() - started) / 1000;
    const child = spawn(process.execPath, ["dist/cli/bin.js", ...call], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const ended = once(child, "exit").then(since);
    while (!existsSync(mask)) {
      if (child.exitCode !== null) throw new Error(`mias segment ended with ${child.exitCode} and no mask`);
      await setTimeout(2);
    }
    runs.push({ mask: since(), end: await ended });
  }
  return {
    maskSeconds: median(runs.map(({ mask }) => mask)),
    endSeconds: median(runs.map(({ end }) => end)),
  };
}
