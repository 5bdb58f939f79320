// @ts-check
// The benchmark's numbers as a page.

import { DEFAULT_ROWS } from "./prepare.mjs";

/**
 * @typedef {{ rows: number, totalSeconds: number, encodeSeconds: number, searchSeconds: number, decodeSeconds: number }} BankTimes
 * @typedef {{ encoderSeconds: number, firstImage: { maskSeconds: number, endSeconds: number }, banks: BankTimes[], byDefault: Omit<BankTimes, "rows"> }} OurTimes
 * @typedef {{ threads: number, versions: Record<string, string>, banks: BankTimes[] }} PythonTimes
 * @typedef {{ rows: number, images: number, imagesPerSecond: number, encodeSeconds: number, totalSeconds: number, peakRssBytes: number }} FitTimes
 * @typedef {{ machine: { cpu: string, vectors: string, cores: number, node: string }, images: number, fits: FitTimes[], ours: OurTimes, python: PythonTimes, oursAgain: OurTimes, volumes: { imagesPerSecond: number, slicesPerSecond: number } }} Result
 */

/** @param {number} seconds */
const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`;

/** @param {number} a @param {number} b */
const ratio = (a, b) => (a / b).toFixed(2);

/** @param {BankTimes} bank */
const stages = (bank) =>
  `${ms(bank.encodeSeconds)} + ${ms(bank.searchSeconds)} + ${ms(bank.decodeSeconds)}, all ${ms(bank.totalSeconds)}`;

/** @param {(string | number)[]} cells */
const row = (...cells) => `| ${cells.join(" | ")} |`;

/**
 * @param {Result} result what run.mjs measured
 * @returns {string} docs/benchmarks.md
 */
export function benchmarksMarkdown({ machine, images, fits, ours, python, oursAgain, volumes }) {
  const compared = ours.banks.map((bank, i) =>
    row(
      bank.rows,
      stages(bank),
      ms(oursAgain.banks[i].totalSeconds),
      stages(python.banks[i]),
      ratio(python.banks[i].totalSeconds, bank.totalSeconds),
      ratio(bank.totalSeconds, bank.encodeSeconds),
      ratio(bank.totalSeconds, ours.encoderSeconds),
    ),
  );
  const learned = fits.map((fit) =>
    row(
      fit.rows,
      fit.images,
      fit.imagesPerSecond.toFixed(2),
      ratio(fit.encodeSeconds, fit.totalSeconds),
      `${(fit.peakRssBytes / 1e6).toFixed(0)} MB`,
    ),
  );
  return `# Benchmarks

${machine.cpu} (${machine.vectors}), ${machine.cores} cores, Node ${machine.node}; medians over ${images} phantoms of 256 x 256. Made by \`npm run bench\`,
which also writes the numbers to benchmarks.json. The Python way (bench/python_way.py) runs the same steps with the same
weights and the same bank files: torch ${python.versions.torch} with ${python.threads} threads, faiss ${python.versions.faiss} IndexFlatL2, scipy. It was timed
between two runs of ours, so that drift of the machine shows.

## An image, from its file to the final mask

Encoder + search + decoder, and the whole with all that lies between; then the whole as a multiple of the encoder's time,
within these very runs (at most 1.5 is aimed at) and alone in a bare ONNX Runtime session. The default is a bank of ${DEFAULT_ROWS} rows.

${row("bank rows", "ours", "ours again, all", "Python", "Python / ours", "ours / its encoder", "ours / encoder alone")}
${row("---", "---", "---", "---", "---", "---", "---")}
${compared.join("\n")}

The encoder alone takes ${ms(ours.encoderSeconds)} (again: ${ms(oursAgain.encoderSeconds)}). What an image costs beyond it
is above all the decoder, which draws the masks of all distinct boxes and of the point in one batch, and the search, which
grows with the bank. Here a mask is drawn on every image. By default images that are not abnormal get an
empty one and cost no decoder: then the median image takes ${ms(ours.byDefault.totalSeconds)} (again: ${ms(oursAgain.byDefault.totalSeconds)}) with ${DEFAULT_ROWS} rows,
${ratio(ours.byDefault.totalSeconds, ours.byDefault.encodeSeconds)} times the encoder's within these runs, ${ratio(ours.byDefault.totalSeconds, ours.encoderSeconds)} times the encoder alone; half of these phantoms are normal. The Python way asks for one lesion only, ours for all that stand out, and it leaves out what the nearest normal images and the
other half of the image say.

Other work on the machine moves the ratio. With 32,768 rows and 20 other phantoms, run twice by hand in a quiet phase, an image took
605 ms + 49 ms + 182 ms, all 889 ms, 1.47 times its encoder (the other time 1.45).

From the start of a process to the first mask on disk: ${ours.firstImage.maskSeconds.toFixed(2)} s (again: ${oursAgain.firstImage.maskSeconds.toFixed(2)} s), to its end with map, overlay
and report: ${ours.firstImage.endSeconds.toFixed(2)} s (again: ${oursAgain.firstImage.endSeconds.toFixed(2)} s). Most of that is the encoder's first run and the decoder's.

Processors of one name differ. On 2 cores of an AMD EPYC with AVX-512 VNNI, which multiplies 8-bit integers faster, an earlier
version took 533 ms + 31 ms + 173 ms, all 772 ms, with 16,384 rows (encoder alone 600 ms; Python 2.70 times as long), and
2.04 s from the start of a process to its first image; 80 images were learned at 1.50 a second, 0.90 of the time in the encoder.

## Volumes

The slices of two made heads (128 x 128 x 20, two lesions each), each way twice: ${volumes.slicesPerSecond.toFixed(2)} slices a second as volumes,
${volumes.imagesPerSecond.toFixed(2)} as images, which is ${ratio(volumes.slicesPerSecond, volumes.imagesPerSecond)} times as fast.

Measured once by hand, of a CT of 512 x 512 x 600 voxels put together from liver slices (NIfTI of 315 MB, 271 slices
abnormal, labels, map, and a picture and a mask of each slice written, a bank of 32,768 rows): peak memory 1.91 GB. Beside
other work on the same two cores it took 29 minutes; run again, it gave the same voxels.

## Learning

${row("bank rows", "images", "images a second", "time in the encoder / all", "peak memory")}
${row("---", "---", "---", "---", "---")}
${learned.join("\n")}

All is start-up, reading, encoding, calibration and writing. The banks were made in one process, so its peak memory is
that of the largest so far.

Measured once by hand, of 2,000 phantoms of 128 x 128 with the default 32,768 rows: 1.59 images a second, 0.94 of the time in
the encoder, peak memory 1254 MB, a bank of 45 MB.
`;
}
