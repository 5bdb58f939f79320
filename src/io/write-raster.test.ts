import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { decodeImage } from "./decode-image.ts";
import { encodeTiff32 } from "./encode-tiff32.ts";
import { readMask } from "./read-mask.ts";
import { mapToPng16, mapToTiff32, maskToPng, rgbToPng } from "./write-raster.ts";

// What is written is read back by decodeImage, whose own tests are against files made elsewhere.

const folder = mkdtempSync(join(tmpdir(), "mias-write-raster-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Bits per sample and colour type of a PNG (0 grey, 2 RGB), from its header. */
const pngKind = (png: Uint8Array) => [png[24], png[25]];

describe("masks", () => {
  const mask = { width: 3, height: 2, data: Uint8Array.of(0, 1, 0, 1, 1, 0) };

  test("are 8-bit grey, 0 and 255", async () => {
    const png = await maskToPng(mask);
    expect(pngKind(png)).toEqual([8, 0]);
    const image = await decodeImage(png, "mask.png");
    expect(image).toMatchObject({ width: 3, height: 2, channels: 1 });
    expect(image.data).toEqual(Uint8Array.of(0, 255, 0, 255, 255, 0));
  });

  test("are read again as they were", async () => {
    const path = join(folder, "mask.png");
    writeFileSync(path, await maskToPng(mask));
    expect(await readMask(path, "=255", mask)).toEqual(mask);
  });
});

describe("maps of 16 bits", () => {
  test("code = round((value - offset) / unit), held within 0..65535", async () => {
    const values = Float32Array.of(-1, -5, -0.88, 0, 1e6, Number.NaN);
    const png = await mapToPng16({ width: 3, height: 2, data: values }, 0.25, -1);
    expect(pngKind(png)).toEqual([16, 0]);
    const { data } = await decodeImage(png, "map.png");
    expect(data).toEqual(Uint16Array.of(0, 0, 0, 4, 65535, 0));
  });

  test("0.12 of a unit rounds down, 0.62 up", async () => {
    const { data } = await decodeImage(
      await mapToPng16({ width: 2, height: 1, data: Float32Array.of(10.12, 10.62) }, 1, 0),
      "map.png",
    );
    expect(data).toEqual(Uint16Array.of(10, 11));
  });

  test("need a positive unit", async () => {
    const map = { width: 1, height: 1, data: Float32Array.of(0) };
    await expect(mapToPng16(map, 0, 0)).rejects.toThrow(
      "unit of a 16-bit map must be a positive number, got 0",
    );
  });
});

describe("maps of floats", () => {
  const data = Float32Array.of(0, -0, 0.1, -1e30, 1e-40, 16777217);
  const map = { width: 2, height: 3, data };

  test("keep their bits", async () => {
    const image = await decodeImage(await mapToTiff32(map), "map.tif");
    expect(image).toMatchObject({ width: 2, height: 3, channels: 1, issues: [] });
    expect(image.data).toEqual(data);
  });

  test("are laid out as TIFF 6.0 says", () => {
    const bytes = encodeTiff32({ width: 1, height: 1, data: Float32Array.of(1) });
    const view = new DataView(bytes.buffer);
    expect([...bytes.subarray(0, 4)]).toEqual([0x49, 0x49, 42, 0]);
    const entries = view.getUint16(8, true);
    const tags = Array.from({ length: entries }, (_, index) => view.getUint16(10 + 12 * index, true));
    expect(tags).toEqual([256, 257, 258, 259, 262, 273, 277, 278, 279, 339]); // ascending, as it must be
    expect(view.getUint32(10 + 12 * entries, true)).toBe(0); // no further page
    expect([...bytes.subarray(-4)]).toEqual([0, 0, 0x80, 0x3f]);
  });
});

test("colour is 8-bit RGB", async () => {
  const data = Uint8Array.of(255, 0, 0, 1, 2, 3);
  const png = await rgbToPng({ width: 2, height: 1, data });
  expect(pngKind(png)).toEqual([8, 2]);
  expect((await decodeImage(png, "overlay.png")).data).toEqual(data);
});

test("no size in millimetres is claimed", async () => {
  const png = await maskToPng({ width: 1, height: 1, data: Uint8Array.of(1) });
  const chunks = [];
  for (let at = 8; at < png.length; at += 12 + Buffer.from(png).readUInt32BE(at)) {
    chunks.push(Buffer.from(png.subarray(at + 4, at + 8)).toString());
  }
  expect(chunks).toEqual(["IHDR", "IDAT", "IEND"]);
});

test("the same input gives the same bytes", async () => {
  const map = {
    width: 64,
    height: 64,
    data: Float32Array.from({ length: 4096 }, (_, index) => Math.sin(index)),
  };
  const write = async () => Buffer.concat([await mapToPng16(map, 1e-3, -1), await mapToTiff32(map)]);
  expect(Buffer.compare(await write(), await write())).toBe(0);
});

test("data that do not fill the picture are a fault of ours", async () => {
  await expect(maskToPng({ width: 2, height: 2, data: new Uint8Array(3) })).rejects.toThrow("internal error");
});
