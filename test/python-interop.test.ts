// Our files in the hands of Python's `safetensors`, and its files in ours. Skipped where Python has no such package
// (scripts/requirements-interop.txt; in .venv or on the path).

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { encodeBank } from "../src/bank/bank-file.ts";
import { readSafetensorsHeader, readTensor, type TensorType } from "../src/bank/safetensors.ts";
import { memorySource } from "../src/util/byte-source.ts";
import { bytesOf } from "./support/bytes.ts";
import { smallBank } from "./support/small-bank.ts";

const python = findPython("numpy, safetensors");
const reason = python
  ? ""
  : " (SKIPPED: no Python with numpy and safetensors, see scripts/requirements-interop.txt)";
if (!python) console.warn(`test/python-interop.test.ts${reason}`);

const READ = `
import hashlib, json, sys
from safetensors import safe_open
with safe_open(sys.argv[1], framework="numpy") as file:
    tensors = {name: file.get_tensor(name) for name in file.keys()}
    metadata = file.metadata()
def sha256(data):
    blocks = range(0, len(data), 2**24)
    digests = b"".join(hashlib.sha256(data[at:at + 2**24]).digest() for at in blocks)
    return hashlib.sha256(digests).hexdigest()
texts = [[key, text] for key, text in sorted(metadata.items()) if key != "metadataSha256"]
own = json.dumps(texts, separators=(",", ":"), ensure_ascii=False).encode()
print(json.dumps({
    "sums": {name: sha256(tensor.tobytes()) for name, tensor in tensors.items()},
    "metadataSum": hashlib.sha256(own).hexdigest(),
    "metadata": metadata,
    "tensors": {name: [str(t.dtype), list(t.shape), t.ravel().tolist()] for name, t in tensors.items()},
}))
`;

const WRITE = `
import sys
import numpy as np
from safetensors.numpy import save_file
save_file({
    "bytes": np.arange(3, dtype=np.uint8),
    "floats": np.array([[1.5, -2.0]], dtype=np.float32),
    "halves": np.array([1.0, 65504.0, 2.0 ** -24], dtype=np.float16),
    "words": np.array([[7], [4294967295]], dtype=np.uint32),
}, sys.argv[1], metadata={"made": "by Python"})
`;

import { findPython, runPython } from "./support/python.ts";

describe.skipIf(!python)(`Python's safetensors${reason}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "mias-interop-"));
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  test("reads a bank", async () => {
    const path = join(folder, "bank.mias");
    writeFileSync(path, bytesOf(await encodeBank(smallBank())));
    const read = JSON.parse(runPython(python as string, READ, path));
    expect(read.tensors).toEqual({
      "rows.tap2": ["float16", [3, 2], [1, -2, 0.5, 4, 65504, 2 ** -24]],
      "rows.tap3": ["float16", [3, 1], [7, 8, 9]],
      "heldOut.distances": ["float32", [2, 2, 2, 1], [1, 2, 3, 4, 0.25, 0.5, 0.75, 0.125]],
      "heldOut.fold": ["uint32", [2], [0, 1]],
      "heldOut.regions": ["uint8", [2, 2, 1], [0, 1, 1, 1]],
      "heldOut.signature": ["float32", [2, 3], [1, 2, 3, 4, 5, 6]],
      priority: ["uint32", [3], [5, 4294967295, 7]],
      image: ["uint32", [3], [0, 1, 2]],
      patch: ["uint32", [3], [1, 0, 1]],
      fold: ["uint32", [3], [0, 1, 0]],
    });
    expect(read.metadata).toMatchObject({ format: "mias-bank", formatVersion: "6" });
    expect(JSON.parse(read.metadata.sha256)).toEqual(read.sums);
    expect(read.metadata.metadataSha256).toBe(read.metadataSum);
    expect(JSON.parse(read.metadata.options)).toEqual(smallBank().options);
    expect(JSON.parse(read.metadata.calibration)).toEqual(smallBank().calibration);
  });

  test("writes a file that is read here", async () => {
    const path = join(folder, "python.safetensors");
    runPython(python as string, WRITE, path);
    const source = memorySource(path, new Uint8Array(readFileSync(path)));
    const header = await readSafetensorsHeader(source);
    expect(header.metadata).toEqual({ made: "by Python" });
    expect(header.tensors.get("bytes")).toMatchObject({ type: "U8", shape: [3] });
    const values = async (name: string, type: TensorType) => [
      ...(await readTensor(source, header, name, type)).data,
    ];
    expect(await values("bytes", "U8")).toEqual([0, 1, 2]);
    expect(await values("floats", "F32")).toEqual([1.5, -2]);
    expect(await values("halves", "F16")).toEqual([0x3c00, 0x7bff, 1]);
    expect(await values("words", "U32")).toEqual([7, 4294967295]);
  });
});
