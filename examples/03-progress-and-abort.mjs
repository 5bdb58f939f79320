// @ts-check
// A long call that is watched, stopped half-way and taken up again: the second fit starts where the first one ended.
//
//   node examples/03-progress-and-abort.mjs [OUTPUT]

import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fit } from "mias-sam/node";
import { writePhantoms } from "./write-phantoms.mjs";

const output = process.argv[2] ?? (await mkdtemp(join(tmpdir(), "mias-example-")));
await writePhantoms(output, { normal: 6, anomalous: 0 });
const inputs = [join(output, "train", "good")];
const job = { output: join(output, "heads.bank"), options: { rows: 4096 } };

const controller = new AbortController();
try {
  await fit(inputs, {
    ...job,
    signal: controller.signal,
    onProgress: ({ stage, done, total }) => {
      console.log(`${stage}: ${done} of ${total ?? "?"}`);
      if (done === 2) controller.abort(new Error("two images are enough for now"));
    },
  });
} catch (error) {
  // An abort ends in the signal's reason; what was learned until then lies in heads.bank.checkpoint.
  if (!controller.signal.aborted) throw error;
  console.log(`stopped: ${controller.signal.reason.message}`);
}

const report = await fit(inputs, job);
console.log(`went on after ${report.resumed} images, ${report.images} are in the bank`);
