import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchFolder } from "../../test/support/scratch-folder.ts";
import { createFrame } from "../geometry/frame.ts";
import { readImage } from "../io/read-image.ts";
import type { MedicalImage, Segmentation } from "../types.ts";
import { mapScale, writeResult } from "./write-result.ts";

const folder = scratchFolder("write-result");
const image: MedicalImage = {
  ...{ name: "scan.png", width: 2, height: 2, channels: 1, data: Uint8Array.of(0, 1, 2, 3) },
  geometry: { spacing: [1, 1, 1], unit: "px" },
  issues: [],
};
const end = mapScale.offset + 65535 * mapScale.unit;
const result: Segmentation = {
  ...{ name: "scan.png", frame: createFrame(2, 2, 2), score: end + 9, pValue: 0.1, abnormal: false },
  map: { width: 2, height: 2, data: Float32Array.of(0, end - 1, end + 1, end + 9) },
  mask: { width: 2, height: 2, data: new Uint8Array(4) },
  ...{ centreOfGravity: { x: 0, y: 0 }, prompts: [], lesions: [], issues: [] },
  seconds: { total: 0, encode: 0, search: 0, decode: 0 },
};

test("a 16-bit map that ends below its values says so, and is white there", async () => {
  const { issues, map } = await writeResult(image, result, "grey", {
    folder,
    mapFormat: "png16",
    alpha: 0.05,
  });
  expect(issues.map(({ code }) => code)).toEqual(["map-clipped"]);
  expect(issues[0].message).toContain("2 pixels of scan.png are above; use --map-format tiff32");
  const { data } = await readImage(join(folder, map ?? ""));
  expect([...data].slice(2)).toEqual([65535, 65535]);
  expect(data[1]).toBeLessThan(65535);
});

test("a map of floats holds every value", async () => {
  const { issues, map } = await writeResult(image, result, "float", {
    ...{ folder, mapFormat: "tiff32", alpha: 0.05 },
  });
  expect(issues).toEqual([]);
  expect((await readImage(join(folder, map ?? ""))).data).toEqual(result.map.data);
});
