import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readMask } from "./read-mask.ts";
import { mapToPng16, rgbToPng } from "./write-raster.ts";

const folder = mkdtempSync(join(tmpdir(), "mias-read-mask-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, bytes: Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

const row = { width: 4, height: 1 };

describe("colour masks", () => {
  test.each([
    [">0", [0, 1, 1, 1]],
    [">=128", [0, 0, 1, 1]],
    ["=255", [0, 0, 0, 1]],
  ] as const)("%s looks at the largest channel", async (rule, expected) => {
    const data = Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0, 200, 255, 9, 9);
    const path = fileOf("colour.png", await rgbToPng({ ...row, data }));
    expect(await readMask(path, rule, row)).toEqual({ ...row, data: Uint8Array.from(expected) });
  });
});

test("a mask of another size than its image", async () => {
  const path = fileOf("small.png", await rgbToPng({ ...row, data: new Uint8Array(12) }));
  await expect(readMask(path, ">0", { width: 4, height: 2 })).rejects.toMatchObject({
    code: "mask-mismatch",
    subject: path,
    message: `mask ${path} must have the size of its image, 4 x 2, got 4 x 1; draw it again on the image`,
  });
});

describe("masks of 16 bits", () => {
  const file = async () =>
    fileOf("labels.png", await mapToPng16({ ...row, data: Float32Array.of(0, 1, 2, 255) }, 1, 0));

  test("hold labels for >0", async () => {
    expect((await readMask(await file(), ">0", row)).data).toEqual(Uint8Array.of(0, 1, 1, 1));
  });

  test("have no half or full of 8 bits", async () => {
    await expect(readMask(await file(), "=255", row)).rejects.toThrow(
      'must have 8 bits for the rule "=255", got more; use the rule ">0" or convert it',
    );
  });
});

test("a mask that is missing", async () => {
  await expect(readMask(join(folder, "lost.png"), ">0", row)).rejects.toMatchObject({
    code: "image-unreadable",
  });
});
