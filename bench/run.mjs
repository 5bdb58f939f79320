// @ts-check
// Times this package and the Python way side by side and writes docs/benchmarks.json and docs/benchmarks.md.
// usage: npm run bench -- [--python PATH] [--images 50]

import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { prepare } from "./prepare.mjs";
import { benchmarksMarkdown } from "./table.mjs";

const { values } = parseArgs({
  options: {
    python: { type: "string", default: ".venv/bin/python" },
    images: { type: "string", default: "50" },
  },
});
const folder = await mkdtemp(join(tmpdir(), "mias-bench-"));
try {
  const fits = await prepare(folder);
  /** @param {string} program @param {string} script */
  const time = (program, script) =>
    JSON.parse(
      execFileSync(program, [script, folder, values.images], {
        encoding: "utf8",
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
  const ours = time(process.execPath, "bench/ours.mjs");
  const python = time(values.python, "bench/python_way.py");
  const oursAgain = time(process.execPath, "bench/ours.mjs");
  const volumes = time(process.execPath, "bench/volumes.mjs");
  const result = {
    machine: {
      cpu: cpus()[0].model.trim(),
      vectors: await vectorInstructions(),
      cores: cpus().length,
      node: process.versions.node,
    },
    images: Number(values.images),
    fits: fits.map(({ rows, images, imagesPerSecond, seconds, peakRssBytes }) => ({
      ...{
        rows,
        images,
        imagesPerSecond,
        encodeSeconds: seconds.encode,
        totalSeconds: seconds.total,
        peakRssBytes,
      },
    })),
    ours,
    python,
    oursAgain,
    volumes,
  };
  await writeFile("docs/benchmarks.json", `${JSON.stringify(result, null, 2)}\n`);
  await writeFile("docs/benchmarks.md", benchmarksMarkdown(result));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The widest of the vector instructions that matrix products use; processors of one name differ in them. */
async function vectorInstructions() {
  const flags = await readFile("/proc/cpuinfo", "utf8").catch(() => "");
  return ["avx512_vnni", "avx512f", "avx2", "asimd"].find((name) => flags.includes(name)) ?? "unknown";
}
