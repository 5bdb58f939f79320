import { describe, expect, test } from "vitest";
import { outputNames } from "./output-names.ts";

describe("outputNames", () => {
  test("leaves out the shared folder and the ending", () => {
    expect(outputNames(["/scans/a/1.png", "/scans/b/1.tif"])).toEqual(["a/1", "b/1"]);
    expect(outputNames(["/scans/a/1.png"])).toEqual(["1"]);
    expect(outputNames(["/scans/head.nii.gz", "/scans/head.b.dcm"])).toEqual(["head", "head.b"]);
  });

  test("keeps the endings of images that would get one name, in any case of letters", () => {
    expect(outputNames(["/s/a.png", "/s/A.tif", "/s/b.png"])).toEqual(["a.png", "A.tif", "b"]);
  });

  test("gives no image the whole name of another", () => {
    expect(outputNames(["/s/a.png", "/s/a.tif", "/s/a.png.bmp"])).toEqual(["a.png", "a.tif", "a.png.bmp"]);
  });

  test("cuts a name that leaves no room for an ending, and keeps two such apart", () => {
    const long = "ä".repeat(125);
    const [a, b, c] = outputNames([`/s/x/${long}.png`, `/s/y/${long}.png`, `/s/x/${"n".repeat(240)}.png`]);
    expect(a).toMatch(/^x\/ä{50}-[0-9a-f]{16}$/);
    expect(b).toMatch(/^y\/ä{50}-[0-9a-f]{16}$/);
    expect(c).toBe(`x/${"n".repeat(240)}`);
  });

  test("gives no image a file where another has a folder", () => {
    const names = outputNames(["/s/x.tif", "/s/x.png/1.png", "/s/Y.bmp", "/s/y.tiff/1.png", "/s/z.png"]);
    expect(names[0]).toMatch(/^x-[0-9a-f]{16}$/);
    expect(names[2]).toMatch(/^Y-[0-9a-f]{16}$/);
    expect([names[1], names[3], names[4]]).toEqual(["x.png/1", "y.tiff/1", "z"]);
  });

  test("leaves the places of the hierarchy's masks free", () => {
    const [a, inner, deep] = outputNames(["/s/a.png", "/s/a/00.png.png", "/s/b/c.png"]);
    expect(a).toMatch(/^a-[0-9a-f]{16}$/);
    expect([inner, deep]).toEqual(["a/00.png", "b/c"]);
    expect(outputNames(["/s/a.png", "/s/a/00.png"])).toEqual(["a", "a/00"]);
  });

  test("stays below the folder whatever the working folder", () => {
    expect(outputNames(["../../a/../b.png", "c.png"]).every((name) => !name.includes(".."))).toBe(true);
  });
});
