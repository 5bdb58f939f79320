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

const file = bytesOf(encodeBank(smallBank()));

function source(bytes: Uint8Array): ByteSource {
  return memorySource("normal.mias", bytes);
}

/** The small bank's file with other metadata or other tensors; what is undefined is left out. */
async function changed(
  metadata: Record<string, string | undefined>,
  tensors: Record<string, Tensor | undefined> = {},
): Promise<Uint8Array> {
  const header = await readSafetensorsHeader(source(file));
  const all: Record<string, Tensor | undefined> = {};
  for (const [name, { type }] of header.tensors) {
    all[name] = await readTensor(source(file), header, name, type as TensorType);
  }
  const kept = <T>(record: Record<string, T | undefined>) =>
    Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Record<
      string,
      T
    >;
  return bytesOf(encodeSafetensors(kept({ ...all, ...tensors }), kept({ ...header.metadata, ...metadata })));
}

describe("a bank's file", () => {
  test("comes back as it was", async () => {
    expect(await readBank(source(file))).toEqual(smallBank());
  });

  test("is the same bytes each time, and from the bank that was read", async () => {
    expect(bytesOf(encodeBank(smallBank()))).toEqual(file);
    expect(bytesOf(encodeBank(await readBank(source(file))))).toEqual(file);
  });

  test("a bank without held-out rows comes back too", async () => {
    const bank = { ...smallBank(), learnedRows: 3 };
    expect(await readBank(source(bytesOf(encodeBank(bank))))).toEqual(bank);
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
      learnedRows: 2,
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
    const newer = await changed({ formatVersion: "2" });
    await expectMiasError(
      readBank(source(newer)),
      "bank-newer",
      "has bank format 2, this version reads up to 1; update",
    );
    await expectMiasError(readBankSummary(source(newer)), "bank-newer");
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
    { key: "formatVersion", value: undefined, why: "metadata formatVersion is not valid" },
    { key: "formatVersion", value: '"one"', why: "metadata formatVersion is not valid" },
    { key: "formatVersion", value: "0", why: "metadata formatVersion is not valid" },
    { key: "options", value: undefined, why: "metadata options is not valid (not JSON)" },
    { key: "options", value: "{", why: "metadata options is not valid (not JSON)" },
    {
      key: "options",
      value: JSON.stringify({ ...options, sigma: "4" }),
      why: "metadata options is not valid",
    },
    { key: "options", value: JSON.stringify({ ...options, blur: 4 }), why: "metadata options is not valid" },
    {
      key: "options",
      value: JSON.stringify({ ...options, taps: ["tap2", "tap9"] }),
      why: "equally many rows",
    },
    { key: "learnedRows", value: "0", why: "metadata learnedRows is not valid" },
    { key: "learnedRows", value: "4", why: "metadata learnedRows is not valid" },
    { key: "learnedRows", value: "1.5", why: "metadata learnedRows is not valid" },
    { key: "calibration", value: undefined, why: "metadata calibration is not valid" },
    { key: "calibration", value: JSON.stringify({ ...calibration, mapStd: 0 }), why: "metadata calibration" },
    {
      key: "calibration",
      value: JSON.stringify({ ...calibration, mapMean: null }),
      why: "metadata calibration",
    },
    {
      key: "calibration",
      value: JSON.stringify({ ...calibration, layerScales: [1] }),
      why: "2 layers have 1 scales",
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
    { name: "rows.tap3", tensor: undefined, why: "equally many rows" },
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
    { name: "heldOutDistances", tensor: undefined, why: "tensor heldOutDistances is missing" },
    {
      name: "heldOutDistances",
      tensor: { type: "F32", shape: [2, 4], data: new Float32Array(8) },
      why: "distances of held-out images have shape [2, 4]",
    },
    {
      name: "heldOutDistances",
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
