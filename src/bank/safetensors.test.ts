// That Python's own package reads these files, and this reader Python's, is in test/python-interop.test.ts.

import { describe, expect, test } from "vitest";
import { bytesOf, withHeader } from "../../test/support/bytes.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { isMiasError } from "../errors.ts";
import { memorySource } from "../util/byte-source.ts";
import { encodeSafetensors, readSafetensorsHeader, readTensor, type Tensor } from "./safetensors.ts";

const tensors: Record<string, Tensor> = {
  halves: { type: "F16", shape: [3], data: Uint16Array.of(0x3c00, 0xc000, 0x7bff) },
  floats: { type: "F32", shape: [2, 2], data: Float32Array.of(1, -2.5, 1e-40, 3e38) },
  words: { type: "U32", shape: [2, 1], data: Uint32Array.of(7, 0xffffffff) },
  none: { type: "F32", shape: [0, 5], data: new Float32Array(0) },
  scalar: { type: "U32", shape: [], data: Uint32Array.of(9) },
};
const metadata = { format: "test", text: 'quotes " and Ä' };
const file = bytesOf(encodeSafetensors(tensors, metadata));

function header(bytes: Uint8Array) {
  return readSafetensorsHeader(memorySource("some.file", bytes));
}

describe("a file", () => {
  test("comes back as it was, bit for bit", async () => {
    const source = memorySource("some.file", file);
    const read = await readSafetensorsHeader(source);
    expect(read.metadata).toEqual(metadata);
    expect([...read.tensors.keys()]).toEqual(Object.keys(tensors));
    for (const [name, tensor] of Object.entries(tensors)) {
      expect(await readTensor(source, read, name, tensor.type)).toEqual(tensor);
    }
  });

  test("starts with the header's length and pads the header with spaces to a multiple of 8", () => {
    const length = Number(new DataView(file.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    const text = new TextDecoder().decode(file.subarray(8, 8 + length));
    expect(text).toMatch(/} *$/);
    expect(JSON.parse(text)).toMatchObject({ halves: { dtype: "F16", shape: [3], data_offsets: [0, 6] } });
  });

  test("holds a view's own values alone", async () => {
    const data = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const source = memorySource(
      "view",
      bytesOf(encodeSafetensors({ view: { type: "F32", shape: [2], data } }, {})),
    );
    const read = await readTensor(source, await readSafetensorsHeader(source), "view", "F32");
    expect([...read.data]).toEqual([2, 3]);
  });
});

describe("a damaged file", () => {
  test("cut short anywhere is refused, with what is missing", async () => {
    for (let length = 0; length < file.length; length++) {
      const outcome = await header(file.slice(0, length)).then(
        () => "accepted",
        (error: unknown) => isMiasError(error, length < 9 ? "bank-foreign" : "bank-unreadable"),
      );
      expect(outcome, `cut to ${length} of ${file.length} bytes`).toBe(true);
    }
    await expectMiasError(
      header(file.slice(0, -1)),
      "bank-unreadable",
      `need ${file.length} bytes, have ${file.length - 1}`,
    );
  });

  test("with bytes after the last tensor is refused", async () => {
    await expectMiasError(header(bytesOf([file, Uint8Array.of(0)])), "bank-unreadable", "1 bytes follow");
  });

  test.each([0n, 1n, 100_000_001n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])(
    "that says its header has %d bytes is refused at once",
    async (length) => {
      const absurd = file.slice();
      new DataView(absurd.buffer).setBigUint64(0, length, true);
      await expectMiasError(header(absurd), "bank-foreign", "it does not start with a safetensors header");
    },
  );

  const a = (offsets: unknown, shape: unknown = [1]) => ({ dtype: "F32", shape, data_offsets: offsets });
  test.each([
    { what: "no JSON", json: "{ never mind", why: "its header is not JSON" },
    { what: "no object", json: [1, 2], why: "it does not start with a safetensors header" },
    { what: "null", json: "null", why: "it does not start with a safetensors header" },
    { what: "metadata that are null", json: { __metadata__: null }, why: "its metadata are not texts" },
    {
      what: "metadata that are numbers",
      json: { __metadata__: { n: 1 } },
      why: "its metadata are not texts",
    },
    { what: "a tensor that is a number", json: { a: 5 }, why: "its tensor a has no valid description" },
    { what: "no type", json: { a: { shape: [1], data_offsets: [0, 4] } }, why: "its tensor a" },
    { what: "a negative offset", json: { a: a([-4, 0]) }, why: "its tensor a" },
    { what: "an end before the start", json: { a: a([4, 0]) }, why: "its tensor a" },
    { what: "a broken offset", json: { a: a([0, 3.5]) }, why: "its tensor a" },
    { what: "an offset beyond 2^53", json: { a: a([0, 2 ** 60]) }, why: "its tensor a" },
    { what: "three offsets", json: { a: a([0, 4, 8]) }, why: "its tensor a" },
    { what: "a negative dimension", json: { a: a([0, 4], [-1]) }, why: "its tensor a" },
  ])("whose header is or holds $what is no safetensors file", async ({ json, why }) => {
    await expectMiasError(header(withHeader(json, 4)), "bank-foreign", why);
  });

  test.each([
    {
      what: "overlap",
      json: { a: a([0, 4]), b: a([2, 6]) },
      bytes: 6,
      why: /tensor b starts at byte \d+, not/,
    },
    { what: "leave a gap", json: { a: a([0, 4]), b: a([8, 12]) }, bytes: 12, why: /tensor b starts at byte/ },
    { what: "are the same bytes", json: { a: a([0, 4]), b: a([0, 4]) }, bytes: 4, why: /starts at byte/ },
    { what: "do not start at once", json: { a: a([4, 8]) }, bytes: 8, why: /tensor a starts at byte/ },
    {
      what: "go beyond the file",
      json: { a: a([0, 2 ** 40], [2 ** 38]) },
      bytes: 4,
      why: /need \d+ bytes, have/,
    },
  ])("whose tensors $what is refused", async ({ json, bytes, why }) => {
    await expect(header(withHeader(json, bytes))).rejects.toMatchObject({
      code: "bank-unreadable",
      message: expect.stringMatching(why),
    });
  });
});

describe("readTensor", () => {
  test.each([
    { name: "absent", type: "F32" as const, why: "tensor absent is missing" },
    { name: "halves", type: "F32" as const, why: "tensor halves must be F32, is F16" },
  ])("refuses $name as $type", async ({ name, type, why }) => {
    const source = memorySource("some.file", file);
    const read = await readSafetensorsHeader(source);
    await expectMiasError(readTensor(source, read, name, type), "bank-unreadable", why);
  });

  test.each([{ shape: [2] }, { shape: [2 ** 52, 2 ** 52] }, { shape: [0] }])(
    "refuses 4 bytes as $shape",
    async ({ shape }) => {
      const bytes = withHeader({ a: { dtype: "F32", shape, data_offsets: [0, 4] } }, 4);
      const source = memorySource("some.file", bytes);
      const read = await readSafetensorsHeader(source);
      await expectMiasError(readTensor(source, read, "a", "F32"), "bank-unreadable", "has 4");
    },
  );
});
