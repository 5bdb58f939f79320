import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test, vi } from "vitest";
import { imageElements, madeFile } from "../../../test/dicom/made-dicom.ts";
import { expectMiasError } from "../../../test/support/expect-mias-error.ts";
import { decodeFrame } from "../decode-frame.ts";
import type { DicomInstance } from "../instance.ts";
import { parseInstance } from "../parse-instance.ts";
import { provideCodec } from "./wasm-codec.ts";

const GOLDEN = fileURLToPath(new URL("../../../test/golden/dicom/", import.meta.url));
const COMPRESSED = [
  "rle",
  "jpeg-baseline",
  "jpeg-extended-12",
  "jpeg-lossless-sv1",
  "jpeg-lossless-7",
  "jpeg-ls",
  "jpeg-2000",
  "htj2k",
];

function golden(name: string): DicomInstance {
  return parseInstance(`${name}.dcm`, readFileSync(`${GOLDEN}${name}.dcm`));
}

/** The instance with other bytes for its first frame. */
function withFrame(instance: DicomInstance, change: (bytes: Uint8Array) => Uint8Array): DicomInstance {
  const [[bytes]] = instance.pixels.frames;
  return { ...instance, pixels: { ...instance.pixels, frames: [[change(bytes.slice())]] } };
}

afterEach(() => vi.restoreAllMocks());

describe.each(COMPRESSED)("%s", (name) => {
  test("cut in the middle is refused, and the next frame is right again", async () => {
    const whole = golden(name);
    const right = (await decodeFrame(whole, 0)).values;
    const cut = withFrame(whole, (bytes) => bytes.subarray(0, bytes.length / 2));
    await expectMiasError(decodeFrame(cut, 0), "image-unreadable", `${name}.dcm `);
    expect((await decodeFrame(whole, 0)).values).toEqual(right);
  });

  test("of other bytes is refused", async () => {
    const noise = withFrame(golden(name), (bytes) => bytes.map((_, at) => (at * 37 + 11) % 251));
    await expectMiasError(decodeFrame(noise, 0), "image-unreadable", "export it again");
  });

  test("writes nothing to the console", async () => {
    const spies = [
      ...(["log", "info", "warn", "error"] as const).map((kind) => vi.spyOn(console, kind)),
      vi.spyOn(process.stdout, "write"),
      vi.spyOn(process.stderr, "write"),
    ];
    const cut = withFrame(golden(name), (bytes) => bytes.subarray(0, bytes.length - 20));
    await decodeFrame(cut, 0).catch(() => undefined);
    await decodeFrame(golden(name), 0);
    expect(spies.flatMap((spy) => spy.mock.calls)).toEqual([]);
  });
});

describe("a frame that claims another size than the file's header", () => {
  /** Where the height stands, 4 or 2 bytes, high byte first: in SIZ, or 3 bytes after the frame header's length. */
  test.each([
    ["jpeg-2000", (bytes: Uint8Array) => bytes.indexOf(0x51) + 7],
    ["jpeg-ls", (bytes: Uint8Array) => bytes.indexOf(0xf7) + 4],
  ])("is refused before the decoder sees it: %s", async (name, placeOf) => {
    const huge = withFrame(golden(name), (bytes) => {
      bytes[placeOf(bytes)] = 0x7f;
      return bytes;
    });
    await expectMiasError(decodeFrame(huge, 0), "image-unreadable", "as its header says");
  });
});

describe("fragments", () => {
  const RLE = "1.2.840.10008.1.2.5";
  /** An RLE frame of six bytes, literally. */
  const frame = (first: number) => {
    const header = new Uint8Array(64);
    header[0] = 1;
    header[4] = 64;
    return [...header, 5, first, 1, 2, 3, 4, 5, 128];
  };
  const item = (bytes: readonly number[]) => [0xfe, 0xff, 0x00, 0xe0, bytes.length, 0, 0, 0, ...bytes];
  const END = [0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0];

  function encapsulated(
    items: readonly number[][],
    frames: number,
    extended: readonly number[] = [],
  ): Uint8Array {
    const table = [0xe0, 0x7f, 0x01, 0x00, 0x4f, 0x56, 0, 0, 8 * extended.length, 0, 0, 0];
    const offsets = extended.flatMap((offset) => [offset, 0, 0, 0, 0, 0, 0, 0]);
    const header = madeFile(
      imageElements({ 2621448: [0x00280008, "IS", String(frames)], 2145386512: null }),
      RLE,
    );
    const start = [0xe0, 0x7f, 0x10, 0x00, 0x4f, 0x42, 0, 0, 0xff, 0xff, 0xff, 0xff];
    const tables = extended.length > 0 ? [...table, ...offsets] : [];
    return Uint8Array.from([...header, ...tables, ...start, ...items.flatMap(item), ...END]);
  }

  test("of one frame are joined", async () => {
    const whole = frame(9);
    const instance = parseInstance("a", encapsulated([[], whole.slice(0, 40), whole.slice(40)], 1));
    expect([...(await decodeFrame(instance, 0)).values]).toEqual([9, 1, 2, 3, 4, 5]);
  });

  test("of several frames are joined by the offset table", async () => {
    const [a, b] = [frame(7), frame(8)];
    const offset = a.length + 16;
    const items = [[0, 0, 0, 0, offset, 0, 0, 0], a.slice(0, 40), a.slice(40), b];
    const instance = parseInstance("a", encapsulated(items, 2));
    expect((await decodeFrame(instance, 0)).values[0]).toBe(7);
    expect((await decodeFrame(instance, 1)).values[0]).toBe(8);
  });

  test("of several frames are joined by the extended offset table", async () => {
    const [a, b] = [frame(7), frame(8)];
    const bytes = encapsulated([[], a, b.slice(0, 40), b.slice(40)], 2, [0, a.length + 8]);
    const instance = parseInstance("a", bytes);
    expect((await decodeFrame(instance, 0)).values[0]).toBe(7);
    expect((await decodeFrame(instance, 1)).values[0]).toBe(8);
  });

  test("fewer than frames are refused", async () => {
    const bytes = encapsulated([[], frame(1)], 2);
    await expectMiasError(() => parseInstance("a", bytes), "image-unreadable", "each of 2 frames, got 1");
  });

  test("that do not tell frames apart are refused", async () => {
    const bytes = encapsulated([[], frame(1), frame(2), frame(3)], 2);
    await expectMiasError(() => parseInstance("a", bytes), "image-unreadable", "which of its 3 fragments");
  });

  test("longer than the file are refused", async () => {
    const bytes = encapsulated([[], frame(1)], 1);
    bytes[bytes.length - END.length - frame(1).length - 2] = 1;
    await expectMiasError(() => parseInstance("a", bytes), "image-unreadable", "cut short");
  });
});

test("a codec's WebAssembly can be handed in, as a browser must", async () => {
  const path = createRequire(import.meta.url).resolve("@cornerstonejs/codec-charls/decodewasm");
  provideCodec("charls", { wasm: readFileSync(path) });
  expect((await decodeFrame(golden("jpeg-ls"), 0)).values.length).toBe(16 * 12);
});
