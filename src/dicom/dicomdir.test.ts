import { expect, test } from "vitest";
import { type MadeElement, madeFile } from "../../test/dicom/made-dicom.ts";
import { expectMiasError } from "../../test/support/expect-mias-error.ts";
import { readDicomdir } from "./dicomdir.ts";

function directory(fileIds: readonly (string | undefined)[]): Uint8Array {
  const records = fileIds.map((id): MadeElement[] => [
    ...(id === undefined ? [] : [[0x00041500, "CS", id] as const]),
    [0x00041430, "CS", id === undefined ? "PATIENT" : "IMAGE"],
  ]);
  return madeFile([[0x00041220, "SQ", records]]);
}

test("a DICOMDIR tells the files below its folder, each once", () => {
  const bytes = directory([
    undefined,
    "IMAGES\\CT1\\IM000001",
    "IMAGES\\CT1\\IM000002",
    "IMAGES\\CT1\\IM000001",
  ]);
  expect(readDicomdir("DICOMDIR", bytes)).toEqual(["IMAGES/CT1/IM000001", "IMAGES/CT1/IM000002"]);
});

test.each(["..\\..\\etc\\passwd", "IMAGES\\..\\..\\IM1", "/etc/passwd", "C:", "."])(
  "%s is refused",
  async (id) => {
    await expectMiasError(
      () => readDicomdir("DICOMDIR", directory([id])),
      "image-unreadable",
      "inside its folder",
    );
  },
);

test("an image is no DICOMDIR", async () => {
  const image = madeFile([[0x00080018, "UI", "2.25.1"]]);
  await expectMiasError(() => readDicomdir("a.dcm", image), "image-unreadable", "must be a DICOMDIR");
});
