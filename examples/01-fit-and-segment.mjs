// @ts-check
// From folders to masks: learn normal images, segment others, print what was found.
//
//   node examples/01-fit-and-segment.mjs [OUTPUT]

import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fit, segmentToFolder } from "mias-sam/node";
import { writePhantoms } from "./write-phantoms.mjs";

const output = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "mias-example-")));
await writePhantoms(output, { normal: 6, anomalous: 2 });

const bank = join(output, "heads.bank");
const report = await fit([join(output, "train", "good")], { output: bank, options: { rows: 4096 } });
console.log(`${report.rows} rows of ${report.patches} patches from ${report.images} normal images`);
for (const { severity, message } of report.issues) console.log(`${severity}: ${message}`);

const results = join(output, "results");
const { images, failures } = await segmentToFolder([join(output, "test")], { bank, output: results });
for (const { file, score, pValue, lesions, mask } of images) {
  console.log(`${file}: score ${score.toFixed(1)}, p ${pValue.toFixed(2)}, mask ${mask}`);
  for (const { area, centre } of lesions) {
    console.log(`  ${area} pixels around (${centre.x.toFixed(0)}, ${centre.y.toFixed(0)})`);
  }
}
for (const { message } of failures) console.log(`failed: ${message}`);
console.log(`look at ${join(results, "report.html")}`);
