import { describe, expect, test } from "vitest";
import { bytesOf } from "../../test/support/bytes.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { smallBank } from "../../test/support/small-bank.ts";
import { isMiasError } from "../errors.ts";
import { type ByteSource, memorySource } from "../util/byte-source.ts";
import { BANK_FORMAT_VERSION, encodeBank, readBank, readBankSummary } from "./bank-file.ts";
import {
  encodeSafetensors,
  readSafetensorsHeader,
  readTensor,
  type Tensor,
  type TensorType,
} from "./safetensors.ts";
import { sealed } from "./seal.ts";

const file = bytesOf(await encodeBank(smallBank()));

function source(bytes: Uint8Array): ByteSource {
  return memorySource("normal.mias", bytes);
}

type Changes<Value> = Readonly<Record<string, Value | undefined>>;

/** The small bank's tensors and metadata with changes; what is undefined is left out. */
async function contents(metadata: Changes<string>, tensors: Changes<Tensor>) {
  const header = await readSafetensorsHeader(source(file));
  const all: Record<string, Tensor | undefined> = {};
  for (const [name, { type }] of header.tensors) {
    all[name] = await readTensor(source(file), header, name, type as TensorType);
  }
  const kept = <T>(record: Changes<T>) =>
    Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<
      string,
      T
    >;
  return { tensors: kept({ ...all, ...tensors }), metadata: kept({ ...header.metadata, ...metadata }) };
}

/** The file of these contents as they are, with the small bank's checksums. */
async function edited(metadata: Changes<string>, tensors: Changes<Tensor> = {}): Promise<Uint8Array> {
  const made = await contents(metadata, tensors);
  return bytesOf(encodeSafetensors(made.tensors, made.metadata));
}

/** The file of these contents with checksums that fit: what is wrong is wrong by another rule. */
async function changed(metadata: Changes<string>, tensors: Changes<Tensor> = {}): Promise<Uint8Array> {
  const made = await contents({ ...metadata, sha256: undefined, metadataSha256: undefined }, tensors);
  return bytesOf(encodeSafetensors(made.tensors, await sealed(made.tensors, made.metadata)));
}

describe("a bank's file", () => {
  test("comes back as it was", async () => {
    expect(await readBank(source(file))).toEqual(smallBank());
  });

  test("with joint axes comes back whole, and without them is refused", async () => {
    const width = smallBank().layers.reduce((sum, { dims }) => sum + dims, 0);
    const { heldOut, calibration, options } = smallBank();
    const images = heldOut.images;
    const joint = {
      ...smallBank(),
      projection: {
        mean: new Float32Array(width).fill(2),
        scale: new Float32Array(width).fill(0.5),
        axes: new Float32Array(2 * width).fill(0.25),
        dims: 2,
      },
      options: { ...options, axes: 2 },
      heldOut: {
        ...heldOut,
        layers: 1,
        mirror: Float32Array.of(1, 2, 3, 4),
        data: heldOut.data.slice(0, images * heldOut.rows * heldOut.columns),
      },
      calibration: { ...calibration, layerScales: [1], mirrorScale: 2.5 },
    };
    expect(await readBank(source(bytesOf(await encodeBank(joint))))).toEqual(joint);
    const { projection: _, ...without } = joint;
    const file = bytesOf(await encodeBank(without));
    await expectMiasError(readBank(source(file)), "bank-unreadable", "projection.mean");
  });

  test("tells how the volumes that it learned were cut", async () => {
    const slicing = { axis: "coronal", window: { low: -160, high: 240 } } as const;
    const learned = source(bytesOf(await encodeBank({ ...smallBank(), slicing })));
    expect(await readBank(learned)).toEqual({ ...smallBank(), slicing });
    expect((await readBankSummary(learned)).slicing).toEqual(slicing);
  });

  test("is the same bytes each time, and from the bank that was read", async () => {
    expect(bytesOf(await encodeBank(smallBank()))).toEqual(file);
    expect(bytesOf(await encodeBank(await readBank(source(file))))).toEqual(file);
  });

  test("its summary is read from the header alone", async () => {
    const headerEnd = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
    const headerOnly: ByteSource = {
      ...source(file),
      read: async (offset, length) => {
        expect(offset + length).toBeLessThanOrEqual(headerEnd);
        return file.slice(offset, offset + length);
      },
    };
    const { calibration, options, provenance } = smallBank();
    expect(await readBankSummary(headerOnly)).toEqual({
      formatVersion: BANK_FORMAT_VERSION,
      rows: 3,
      layers: [
        { tap: "tap2", dims: 2 },
        { tap: "tap3", dims: 1 },
      ],
      calibration,
      options,
      provenance,
    });
  });
});

describe("is refused", () => {
  test("a file of a newer format, with what to do", async () => {
    const newer = await changed({ formatVersion: "7" });
    await expectMiasError(
      readBank(source(newer)),
      "bank-newer",
      "has bank format 7, this version reads 6; update",
    );
    await expectMiasError(readBankSummary(source(newer)), "bank-newer");
  });

  test("a file of an older format, too", async () => {
    const older = await changed({ formatVersion: "2" });
    await expectMiasError(
      readBank(source(older)),
      "bank-older",
      "has bank format 2, this version reads 6; make it again with `mias fit`",
    );
  });

  test("a safetensors file that is not a bank", async () => {
    const foreign = bytesOf(
      encodeSafetensors({ weight: { type: "F32", shape: [1], data: Float32Array.of(1) } }, {}),
    );
    await expectMiasError(readBank(source(foreign)), "bank-foreign", "its format is not stated");
    await expectMiasError(
      readBank(source(await changed({ format: "pt" }))),
      "bank-foreign",
      "its format is pt",
    );
  });

  test("a file that is no safetensors file at all", async () => {
    const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13);
    await expectMiasError(readBank(source(png)), "bank-foreign", "normal.mias is not a memory bank");
  });

  test("a file cut short anywhere", async () => {
    for (let length = 0; length < file.length; length += 5) {
      const outcome = await readBank(source(file.slice(0, length))).then(
        () => "accepted",
        (error: unknown) => isMiasError(error, "bank-foreign", "bank-unreadable"),
      );
      expect(outcome, `cut to ${length} of ${file.length} bytes`).toBe(true);
    }
  });

  const { calibration, options, provenance } = smallBank();
  test.each([
    { key: "formatVersion", value: undefined, why: "metadata formatVersion must be given, got nothing" },
    { key: "formatVersion", value: '"one"', why: 'metadata formatVersion must be a number, got "one"' },
    { key: "formatVersion", value: "0", why: "metadata formatVersion must be at least 1, got 0" },
    { key: "options", value: undefined, why: "metadata options must be given, got nothing" },
    { key: "options", value: "{", why: "metadata options must be JSON" },
    {
      key: "options",
      value: JSON.stringify({ ...options, sigma: "4" }),
      why: 'metadata options: sigma must be a number, got "4"',
    },
    {
      key: "options",
      value: JSON.stringify({ ...options, blur: 4 }),
      why: "metadata options: blur is unknown",
    },
    {
      key: "options",
      value: JSON.stringify({ ...options, taps: ["tap2", "tap9"] }),
      why: "metadata options: taps must be those of its tensors, tap2, tap3, got tap2, tap9",
    },
    {
      key: "options",
      value: JSON.stringify({ ...options, taps: ["tap2"] }),
      why: "taps must be those of its tensors, tap2, tap3, got tap2",
    },
    {
      key: "options",
      value: JSON.stringify({ ...options, taps: ["tap2", "tap2"] }),
      why: "metadata options: taps must name each feature map once",
    },
    {
      key: "slicing",
      value: JSON.stringify({ axis: "oblique", window: null }),
      why: "metadata slicing: axis must be",
    },
    {
      key: "calibration",
      value: JSON.stringify({ ...calibration, imageScores: [2, 1] }),
      why: "metadata calibration: imageScores must be ascending",
    },
    {
      key: "calibration",
      value: JSON.stringify({ ...calibration, mapMaxima: [2, 1] }),
      why: "metadata calibration: mapMaxima must be ascending",
    },
    {
      key: "calibration",
      value: JSON.stringify({ ...calibration, imageScores: [1] }),
      why: "imageScores must have 2 values, one a held-out image, has 1",
    },
    { key: "formatVersion", value: "0", why: "metadata formatVersion must be at least 1, got 0" },
    { key: "formatVersion", value: "3.5", why: "metadata formatVersion must be a whole number, got 3.5" },
    {
      key: "calibration",
      value: JSON.stringify({ ...calibration, patchStd: 0 }),
      why: "metadata calibration: patchStd",
    },
    { key: "calibration", value: undefined, why: "metadata calibration must be given, got nothing" },
    { key: "calibration", value: JSON.stringify({ ...calibration, mapStd: 0 }), why: "metadata calibration" },
    {
      key: "calibration",
      value: JSON.stringify({ ...calibration, mapMean: null }),
      why: "metadata calibration",
    },
    {
      key: "calibration",
      value: JSON.stringify({ ...calibration, layerScales: [1] }),
      why: "2 searches have 1 scales",
    },
    { key: "provenance", value: JSON.stringify({ ...provenance, images: "4" }), why: "metadata provenance" },
  ])("metadata $key = $value", async ({ key, value, why }) => {
    await expectMiasError(readBank(source(await changed({ [key]: value }))), "bank-unreadable", why);
  });

  const words = (...values: number[]): Tensor => ({
    type: "U32",
    shape: [values.length],
    data: Uint32Array.from(values),
  });
  test.each([
    { name: "rows.tap3", tensor: undefined, why: "taps must be those of its tensors, tap2, got tap2, tap3" },
    {
      name: "rows.tap3",
      tensor: { type: "F16", shape: [2, 1], data: new Uint16Array(2) },
      why: "equally many rows",
    },
    {
      name: "rows.tap3",
      tensor: { type: "F16", shape: [3, 0], data: new Uint16Array(0) },
      why: "equally many rows",
    },
    {
      name: "rows.tap3",
      tensor: { type: "F32", shape: [3, 1], data: new Float32Array(3) },
      why: "must be F16, is F32",
    },
    { name: "priority", tensor: undefined, why: "tensor priority is missing" },
    { name: "priority", tensor: words(1, 2), why: "tensor priority must have 3 values, has shape [2]" },
    { name: "patch", tensor: words(1, 2, 3, 4), why: "tensor patch must have 3 values" },
    { name: "fold", tensor: words(0, 1, 70_000), why: "tensor fold must have folds below 65536, has 70000" },
    {
      name: "heldOut.signature",
      tensor: { type: "F32", shape: [2, 1], data: Float32Array.of(1, Number.NaN) },
      why: "tensor heldOut.signature must have finite values, has NaN",
    },
    { name: "fold", tensor: words(1), why: "tensor fold must have 3 values" },
    { name: "heldOut.fold", tensor: words(1), why: "tensor heldOut.fold must have 2 values" },
    {
      name: "heldOut.signature",
      tensor: { type: "F32", shape: [3, 2], data: new Float32Array(6) },
      why: "signatures of held-out images have shape [3, 2]",
    },
    {
      name: "heldOut.mirror",
      tensor: { type: "F32", shape: [2, 2, 2], data: new Float32Array(8) },
      why: "mirror distances of held-out images have shape [2, 2, 2]",
    },
    {
      name: "heldOut.regions",
      tensor: { type: "U8", shape: [2, 2], data: new Uint8Array(4).fill(1) },
      why: "regions of held-out images have shape [2, 2]",
    },
    {
      name: "heldOut.regions",
      tensor: { type: "U8", shape: [2, 2, 1], data: Uint8Array.of(0, 1, 2, 3) },
      why: "tensor heldOut.regions must have values up to 2, has 3",
    },
    {
      name: "heldOut.regions",
      tensor: { type: "U8", shape: [2, 2, 1], data: Uint8Array.of(0, 1, 0, 0) },
      why: "held-out image 1 must show something, is padding alone",
    },
    { name: "heldOut.distances", tensor: undefined, why: "tensor heldOut.distances is missing" },
    {
      name: "heldOut.distances",
      tensor: { type: "F32", shape: [2, 4], data: new Float32Array(8) },
      why: "distances of held-out images have shape [2, 4]",
    },
    {
      name: "heldOut.distances",
      tensor: { type: "F32", shape: [2, 1, 2, 2], data: new Float32Array(8) },
      why: "distances of held-out images have shape [2, 1, 2, 2]",
    },
  ] as { name: string; tensor: Tensor | undefined; why: string }[])(
    "another tensor $name: $why",
    async ({ name, tensor, why }) => {
      await expectMiasError(readBank(source(await changed({}, { [name]: tensor }))), "bank-unreadable", why);
    },
  );
});

describe("checksums", () => {
  test("find every flipped byte, in one sentence", async () => {
    for (let at = 0; at < file.length; at++) {
      const flipped = file.slice();
      flipped[at] ^= 1;
      const outcome = await readBank(source(flipped)).then(
        (bank) => bank,
        (error: unknown) => error,
      );
      if (isMiasError(outcome)) {
        expect(outcome.code, `byte ${at}`).toMatch(/^bank-(foreign|unreadable|older|newer)$/);
        expect(outcome.message, `byte ${at}`).toMatch(/^normal\.mias[^\n]*; [^\n]+$/);
        // What is not found is a byte of a checksum's own name: then there is none, and the bank is as it was.
      } else expect(outcome, `byte ${at}`).toEqual(smallBank());
    }
  });

  test("name the tensor", async () => {
    const data = Uint32Array.of(1, 0, 0);
    const other = await edited({}, { patch: { type: "U32", shape: [3], data } });
    await expectMiasError(
      readBank(source(other)),
      "bank-unreadable",
      "normal.mias: the sha256 of tensor patch is not the one that its metadata state; the file is damaged or edited; make",
    );
    expect((await readBankSummary(source(other))).rows).toBe(3);
  });

  test("cover the metadata, for those who read the header alone too", async () => {
    const { calibration } = smallBank();
    const other = await edited({ calibration: JSON.stringify({ ...calibration, mapMean: 1.5 }) });
    const sentence = "the sha256 of its metadata is not the one that they state";
    await expectMiasError(readBank(source(other)), "bank-unreadable", sentence);
    await expectMiasError(readBankSummary(source(other)), "bank-unreadable", sentence);
  });

  test("are not asked of a bank that has none", async () => {
    const old = await edited({ sha256: undefined, metadataSha256: undefined });
    expect(await readBank(source(old))).toEqual(smallBank());
  });

  test("must be of every tensor where there are any", async () => {
    for (const sha256 of ["{}", "null", "no JSON"]) {
      const lacking = await edited({ sha256, metadataSha256: undefined });
      await expectMiasError(readBank(source(lacking)), "bank-unreadable", "sha256 of tensor rows.tap2");
    }
  });
});
