import { describe, expect, test } from "vitest";
import { madeImage } from "../../test/dicom/made-dicom.ts";
import type { InputFile } from "../io/input-file.ts";
import { dicomInputs } from "./dicom-inputs.ts";

const IMAGE_TYPE = 0x00080008;
const SERIES = 0x0020000e;

function file(name: string, series: string, imageType: string): InputFile {
  const bytes = madeImage({
    [IMAGE_TYPE]: [IMAGE_TYPE, "CS", imageType],
    [SERIES]: [SERIES, "UI", series],
  });
  return { name, read: async () => bytes };
}

describe("a series of localisers", () => {
  const scout = file("study/scout/a.dcm", "2.25.8", "ORIGINAL\\PRIMARY\\LOCALIZER");
  const scan = file("study/scan/b.dcm", "2.25.9", "ORIGINAL\\PRIMARY\\AXIAL");

  test("is left out beside others, wherever they lie, with a warning", async () => {
    const { images, issues } = await dicomInputs([scout, scan], {});
    expect(images.map(({ name }) => name)).toEqual(["study/scan/b.dcm"]);
    expect(issues).toMatchObject([{ code: "localiser", severity: "warning", subject: "study/scout/a.dcm" }]);
    expect(issues[0].message).toBe(
      "images of study/scout/a.dcm must be no localisers, but it is one (ImageType); it is left out, name it alone to read it",
    );
  });

  test("is read where nothing else is chosen, with a warning", async () => {
    const { images, issues } = await dicomInputs([scout], {});
    expect(images.map(({ name }) => name)).toEqual(["study/scout/a.dcm"]);
    expect(issues.map(({ message }) => message)).toEqual([expect.stringContaining("1 of 1 is one")]);
  });
});
