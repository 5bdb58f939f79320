import { describe, expect, test } from "vitest";
import { decodeBmp } from "./decode-bmp.ts";

// Kinds that test/golden/images lacks, written out byte by byte.

interface Parts {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly compression?: number;
  readonly palette?: readonly number[];
  readonly pixels: readonly number[];
}

function bmp({ width, height, bits, compression = 0, palette = [], pixels }: Parts): Uint8Array {
  const bytes = new Uint8Array(54 + palette.length + pixels.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(10, 54 + palette.length, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(28, bits, true);
  view.setUint32(30, compression, true);
  view.setUint32(46, palette.length / 4, true);
  bytes.set([...palette, ...pixels], 54);
  return bytes;
}

const blackRedWhite = [0, 0, 0, 0, 0, 0, 255, 0, 255, 255, 255, 0];
const redOf = (bytes: Uint8Array) =>
  [...decodeBmp(bytes, "x.bmp").data].filter((_, index) => index % 3 === 0);

describe("run lengths of 4 bits", () => {
  test("runs alternate between two colours, single pixels follow a zero, rows are padded", () => {
    const pixels = [3, 0x12, 0, 0, 0, 3, 0x01, 0x20, 0, 1];
    const picture = decodeBmp(
      bmp({ width: 3, height: 2, bits: 4, compression: 2, palette: blackRedWhite, pixels }),
      "x.bmp",
    );
    // The first run is the last row: red white red; above it black red white.
    expect([...picture.data]).toEqual([
      0, 0, 0, 255, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 255, 255, 0, 0,
    ]);
  });

  test("a jump leaves the first colour", () => {
    const pixels = [0, 2, 1, 1, 1, 0x10, 0, 1];
    expect(
      redOf(bmp({ width: 2, height: 2, bits: 4, compression: 2, palette: blackRedWhite, pixels })),
    ).toEqual([0, 255, 0, 0]);
  });

  test("that end without their end mark are refused", () => {
    const bytes = bmp({
      width: 2,
      height: 1,
      bits: 4,
      compression: 2,
      palette: blackRedWhite,
      pixels: [2, 0x11],
    });
    expect(() => decodeBmp(bytes, "x.bmp")).toThrow(
      "x.bmp is damaged or cut short (BMP: its run lengths end too early); copy or export it again",
    );
  });
});

test("16 bits without masks are 5 bits a channel", () => {
  const bytes = bmp({ width: 2, height: 1, bits: 16, pixels: [0x00, 0x7c, 0x1f, 0x00] });
  expect([...decodeBmp(bytes, "x.bmp").data]).toEqual([255, 0, 0, 0, 0, 255]);
});

test("a colour number beyond the palette is refused", () => {
  const bytes = bmp({ width: 1, height: 1, bits: 8, palette: blackRedWhite, pixels: [3, 0, 0, 0] });
  expect(() => decodeBmp(bytes, "x.bmp")).toThrow("colour numbers must be below 3, got 3");
});

test("an unknown compression is refused by its number", () => {
  const bytes = bmp({ width: 1, height: 1, bits: 24, compression: 4, pixels: [0, 0, 0, 0] });
  expect(() => decodeBmp(bytes, "x.bmp")).toThrow(
    "x.bmp is a BMP with 24 bits a pixel and compression 4, which is not read; convert it to PNG",
  );
});
