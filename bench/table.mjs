// @ts-check
// The benchmark's JSON as a page.

/** @param {number} seconds */
const ms = (seconds) => `${(seconds * 1000).toFixed(0)} ms`;

/**
 * @param {any} result what run.mjs measured
 * @returns {string} docs/benchmarks.md
 */
export function benchmarksMarkdown({ machine, images, fits, ours, python, oursAgain }) {
  const ratio = (/** @type {number} */ i) => (ours.banks[i].totalSeconds / ours.encoderSeconds).toFixed(2);
  return `# Benchmarks

${machine.cpu}, ${machine.cores} cores, Node ${machine.node}; medians over ${images} phantoms of 256 x 256, one process at a time.
Made by \`npm run bench\`; the numbers are in benchmarks.json. The Python way (bench/python_way.py) runs the same
weights and the same bank files: torch ${python.versions.torch} with ${python.threads} threads, faiss ${python.versions.faiss} IndexFlatL2, scipy. It was
run between two runs of ours, so that drift of the machine shows.

## Seconds an image, from the decoded picture to the final mask
| bank rows | ours: encode + search + decode = total | again | Python: encode + search + decode = total | Python / ours |
|---|---|---|---|---|
${ours.banks
  .map((/** @type {any} */ bank, /** @type {number} */ i) => {
    const other = python.banks[i];
    const parts = (/** @type {any} */ b) =>
      `${ms(b.encodeSeconds)} + ${ms(b.searchSeconds)} + ${ms(b.decodeSeconds)} = **${ms(b.totalSeconds)}**`;
    return `| ${bank.rows} | ${parts(bank)} | ${ms(oursAgain.banks[i].totalSeconds)} | ${parts(other)} | ${(other.totalSeconds / bank.totalSeconds).toFixed(2)} |`;
  })
  .join("\n")}

The encoder alone, in a bare ONNX Runtime session, takes ${ms(ours.encoderSeconds)} (again: ${ms(oursAgain.encoderSeconds)}); a whole image takes
${ours.banks.map((/** @type {any} */ bank, /** @type {number} */ i) => `${ratio(i)} x that with ${bank.rows} rows`).join(", ")}.
The ladder of boxes is decoded in one batch. From the start of the process to the first mask, map, overlay and report
on disk: ${ours.firstMaskSeconds.toFixed(2)} s (again: ${oursAgain.firstMaskSeconds.toFixed(2)} s).

## Learning
| bank rows | images | images a second | of the encoder's own rate | peak memory |
|---|---|---|---|---|
${fits
  .map(
    (/** @type {any} */ fit) =>
      `| ${fit.rows} | ${fit.images} | ${fit.imagesPerSecond.toFixed(2)} | ${(fit.encodeSeconds / fit.totalSeconds).toFixed(2)} | ${(fit.peakRssBytes / 1e6).toFixed(0)} MB |`,
  )
  .join("\n")}

"Of the encoder's own rate" is the time inside the encoder divided by the whole time of the fit, start-up, reading,
calibration and writing included. All banks are made in one process, so peak memory is that of the largest so far.
`;
}
