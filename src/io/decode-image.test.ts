import { readFileSync } from "node:fs";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { isMiasError } from "../errors.ts";
import type { MedicalImage } from "../types.ts";
import { decodeImage } from "./decode-image.ts";

const golden = new URL("../../test/golden/images/", import.meta.url);
const names = Object.keys(JSON.parse(readFileSync(new URL("truth.json", golden), "utf8")));
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, golden)));

/** The picture, or undefined where it was refused as it should be; any other error is thrown. */
async function decodeOrRefuse(bytes: Uint8Array, name: string): Promise<MedicalImage | undefined> {
  try {
    return await decodeImage(bytes, name);
  } catch (error) {
    if (isMiasError(error, "image-unreadable", "image-unsupported")) return undefined;
    throw error;
  }
}

describe("a file that was cut short is refused, never read in part", () => {
  test.each(names)("%s", async (name) => {
    const whole = bytesOf(name);
    const { data } = await decodeImage(whole, name);
    const lengths = Array.from({ length: 24 }, (_, index) => Math.floor((whole.length * index) / 24));
    for (const length of [...lengths, whole.length - 4, whole.length - 2, whole.length - 1]) {
      const image = await decodeOrRefuse(whole.slice(0, length), name);
      // What follows the pixels may be missing, such as the last mark of a PNG.
      if (image !== undefined) expect(image.data).toEqual(data);
    }
  });
});

test("half a file is always refused", async () => {
  for (const name of names) {
    const whole = bytesOf(name);
    const image = await decodeOrRefuse(whole.slice(0, whole.length / 2), name);
    expect(`${name}: ${image === undefined ? "refused" : "read"}`).toBe(`${name}: refused`);
  }
});

test("bytes turned at random give a picture or a refusal, never another error", async () => {
  let state = 1;
  const next = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % below;
  };
  let refused = 0;
  for (const name of names) {
    for (let round = 0; round < 8; round++) {
      const bytes = bytesOf(name);
      for (let change = 0; change < 3; change++) bytes[next(bytes.length)] = next(256);
      if ((await decodeOrRefuse(bytes, name)) === undefined) refused++;
    }
  }
  expect(refused).toBeGreaterThan(100);
});

describe("TIFF kinds that are refused", () => {
  test("floats of 16 and 64 bits", async () => {
    const bytes = bytesOf("float32.tif");
    const entry = bytes.findIndex((byte, at) => byte === 2 && bytes[at + 1] === 1 && bytes[at + 2] === 3);
    bytes[entry + 8] = 64;
    await expect(decodeImage(bytes, "map.tif")).rejects.toThrow(
      "map.tif must have float samples of 32 bits, got 64; convert it",
    );
  });
});

describe("an animated PNG", () => {
  const still = bytesOf(names.find((name) => name.endsWith(".png")) ?? "none.png");

  /** The still with a chunk acTL after its header, which takes 8 + 25 bytes. */
  function animated(pictures: number): Uint8Array {
    const chunk = new DataView(new ArrayBuffer(20));
    chunk.setUint32(0, 8);
    for (const [i, letter] of Array.from("acTL").entries()) chunk.setUint8(4 + i, letter.charCodeAt(0));
    chunk.setUint32(8, pictures);
    chunk.setUint32(16, crc32(new Uint8Array(chunk.buffer, 4, 12)));
    return Uint8Array.of(...still.subarray(0, 33), ...new Uint8Array(chunk.buffer), ...still.subarray(33));
  }

  test("is read to its first picture, with a warning", async () => {
    const { data, issues } = await decodeImage(animated(3), "scan.png");
    expect(data).toEqual((await decodeImage(still, "scan.png")).data);
    expect(issues).toMatchObject([{ code: "animation-first-frame", subject: "scan.png" }]);
    expect(issues[0].message).toBe("an image must be one picture, got 3, only the first was read");
  });

  test("of one picture is one", async () => {
    expect((await decodeImage(animated(1), "scan.png")).issues).toEqual([]);
  });
});
