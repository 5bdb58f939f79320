import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, type Zippable, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { madeImage } from "../../test/dicom/made-dicom.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { openInputs } from "./inputs.ts";

let root: string;
let picture: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mias-inputs-"));
  picture = join(root, "a.dcm");
  writeFileSync(picture, madeImage());
});
afterEach(() => rmSync(root, { recursive: true }));

function archive(content: Zippable): string {
  const path = join(root, "study.zip");
  writeFileSync(path, zipSync(content));
  return path;
}

describe("an archive beside other inputs", () => {
  test("that holds nothing to read is told of", async () => {
    const path = archive({ "notes.txt": strToU8("no image") });
    const { images, issues } = await openInputs([picture, path]);
    expect(images).toHaveLength(1);
    const message = `${path} must hold an image, DICOM file or volume, got none; check what is in it, or leave it out`;
    expect(issues).toEqual([{ code: "archive-left-out", severity: "warning", subject: path, message }]);
  });

  test("that holds archives is told of, and the rest of it is read", async () => {
    const path = archive({
      "in.zip": zipSync({}),
      "b.dcm": madeImage({ 524312: [0x00080018, "UI", "2.25.9"] }),
    });
    const { images, issues } = await openInputs([picture, path]);
    expect(images).toHaveLength(2);
    expect(issues).toMatchObject([{ code: "archive-left-out", subject: path }]);
    expect(issues[0].message).toContain("got archives in it (1), which are not read");
  });

  test("has a file that must not be unpacked as a failure, and the others are read", async () => {
    const path = archive({ "../b.dcm": madeImage(), "c.dcm": madeImage() });
    const { images, failures } = await openInputs([path]);
    expect(images).toHaveLength(1);
    expect(failures).toMatchObject([{ code: "image-failed", subject: `${path}/../b.dcm` }]);
  });
});

test("an archive alone that holds nothing to read is an error that says so", async () => {
  const path = archive({});
  await expectMiasError(openInputs([path]), "no-images", `got none: ${path} must hold an image, DICOM file`);
});
