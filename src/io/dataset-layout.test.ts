import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readDataset } from "./dataset-layout.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mias-dataset-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Empty files: only their names matter here. */
function touch(...names: readonly string[]) {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), "");
  }
}

/** The data set with paths relative to its root, one line a case: kind, image and mask. */
async function read() {
  const dataset = await readDataset(root);
  const short = (path: string) => path.slice(root.length + 1);
  const lines = (cases: typeof dataset.test) =>
    cases.map(({ kind, anomalous, image, mask }) =>
      [kind, anomalous ? "anomalous" : "normal", short(image), mask === undefined ? "-" : short(mask)].join(
        " ",
      ),
    );
  return {
    layout: dataset.layout,
    train: dataset.train.map(short),
    validation: lines(dataset.validation),
    test: lines(dataset.test),
    issues: dataset.issues.map(({ code, subject, message }) => `${code} ${short(subject)}: ${message}`),
  };
}

test("MVTec", async () => {
  touch("train/good/10.png", "train/good/2.png", "test/good/0.png", "test/tumour/0.png", "test/tumour/1.png");
  touch("ground_truth/tumour/0_mask.png", "ground_truth/tumour/1.bmp", "license.txt", "test/readme.txt");
  expect(await read()).toEqual({
    layout: "mvtec",
    train: ["train/good/2.png", "train/good/10.png"],
    validation: [],
    test: [
      "good normal test/good/0.png -",
      "tumour anomalous test/tumour/0.png ground_truth/tumour/0_mask.png",
      "tumour anomalous test/tumour/1.png ground_truth/tumour/1.bmp",
    ],
    issues: [],
  });
});

describe("BMAD", () => {
  test("with validation and masks; labels of good images are not read", async () => {
    touch("train/good/a.png", "valid/good/img/b.png", "valid/Ungood/img/c.png", "valid/Ungood/label/c.png");
    touch("test/good/img/d.png", "test/good/label/d.png");
    touch("test/Ungood/img/e.png", "test/Ungood/anomaly_mask/e.png");
    expect(await read()).toEqual({
      layout: "bmad",
      train: ["train/good/a.png"],
      validation: [
        "good normal valid/good/img/b.png -",
        "Ungood anomalous valid/Ungood/img/c.png valid/Ungood/label/c.png",
      ],
      test: [
        "good normal test/good/img/d.png -",
        "Ungood anomalous test/Ungood/img/e.png test/Ungood/anomaly_mask/e.png",
      ],
      issues: [],
    });
  });

  test("in other cases, with `val`, images of training in `img`, or no validation at all", async () => {
    touch("Train/Good/img/a.png", "Val/good/b.png", "TEST/ungood/IMG/c.png", "TEST/ungood/Label/c.png");
    expect(await read()).toMatchObject({
      layout: "bmad",
      train: ["Train/Good/img/a.png"],
      validation: ["good normal Val/good/b.png -"],
      test: ["ungood anomalous TEST/ungood/IMG/c.png TEST/ungood/Label/c.png"],
    });
  });

  test("without masks, as its sets for whole images are", async () => {
    touch("valid/good/a.png", "test/good/b.png", "test/Ungood/c.png", "test/Ungood/d.png");
    expect(await read()).toMatchObject({
      layout: "bmad",
      test: [
        "good normal test/good/b.png -",
        "Ungood anomalous test/Ungood/c.png -",
        "Ungood anomalous test/Ungood/d.png -",
      ],
      issues: [
        "mask-missing test/Ungood: an anomalous image must have a mask, 2 of 2 have none, the first is c.png; these are left out of pixel metrics",
      ],
    });
  });
});

test("MIAS-SAM", async () => {
  touch("train/good/a.png", "test/test/good/b.png", "test/test/Ungood/c.png");
  touch("test/test_labels/good/b.png", "test/test_labels/Ungood/c.png");
  expect(await read()).toEqual({
    layout: "mias-sam",
    train: ["train/good/a.png"],
    validation: [],
    test: [
      "good normal test/test/good/b.png -",
      "Ungood anomalous test/test/Ungood/c.png test/test_labels/Ungood/c.png",
    ],
    issues: [],
  });
});

describe("volumes and DICOM", () => {
  test("are images, a series by its folder; masks are called as they are", async () => {
    touch("train/good/n.nii.gz", "test/good/g.nrrd", "test/tumour/a.nii.gz", "test/tumour/b.mha");
    touch(
      "ground_truth/tumour/a_mask.nii.gz",
      "ground_truth/tumour/b.nii",
      "ground_truth/tumour/1.2.840_mask.nii",
    );
    touch(
      "test/tumour/1.2.840/1.dcm",
      "test/tumour/1.2.840/2.dcm",
      "test/tumour/notes/a.txt",
      "test/tumour/c.zip",
    );
    touch("train/good/series/1.dcm");
    expect(await read()).toEqual({
      layout: "mvtec",
      train: ["train/good/n.nii.gz", "train/good/series"],
      validation: [],
      test: [
        "good normal test/good/g.nrrd -",
        "tumour anomalous test/tumour/1.2.840 ground_truth/tumour/1.2.840_mask.nii",
        "tumour anomalous test/tumour/a.nii.gz ground_truth/tumour/a_mask.nii.gz",
        "tumour anomalous test/tumour/b.mha ground_truth/tumour/b.nii",
      ],
      issues: [],
    });
  });

  test("in BMAD's folders: the labels' folder is no series; the same name may be a picture and a volume", async () => {
    touch(
      "test/Ungood/img/a.png",
      "test/Ungood/img/a.nii.gz",
      "test/Ungood/label/a.nii.gz",
      "test/Ungood/label/a.png",
    );
    touch("test/good/b.nii.gz", "test/good/label/1.dcm", "valid/good/c.nii.gz");
    expect((await read()).test).toEqual([
      "good normal test/good/b.nii.gz -",
      "Ungood anomalous test/Ungood/img/a.nii.gz test/Ungood/label/a.nii.gz",
      "Ungood anomalous test/Ungood/img/a.png test/Ungood/label/a.png",
    ]);
  });

  test("without a mask are left out of all metrics", async () => {
    touch("test/tumour/a.nii.gz");
    expect((await read()).issues).toEqual([
      expect.stringMatching(/left out of pixel metrics, volumes of all$/),
    ]);
  });
});

test("one mask of several is missing", async () => {
  touch("test/tumour/0.png", "test/tumour/1.png", "test/tumour/2.png");
  touch(
    "ground_truth/tumour/0_mask.png",
    "ground_truth/tumour/2_mask.png",
    "ground_truth/tumour/11_mask.png",
  );
  const { issues } = await read();
  expect(issues).toEqual([
    "mask-missing test/tumour: an anomalous image must have a mask, 1 of 3 have none, the first is 1.png; these are left out of pixel metrics",
  ]);
});

describe("anything else is refused with what was looked for and found", () => {
  test.each([
    ["other folders", ["images/a.png", "masks/a.png"], "got the folders images, masks; check the path"],
    ["a folder of images", ["a.png"], "got a folder of images without test/; check the path"],
    ["no folder", ["a.txt"], "got no folder; check the path"],
    ["a test folder without images", ["train/good/a.png", "test/good/a.txt"], "got the folders test, train"],
  ])("%s", async (_, files, found) => {
    touch(...files);
    const error: unknown = await readDataset(root).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "dataset-unrecognised", subject: root });
    const { message } = error as Error;
    expect(message).toContain("test/<kind> with ground_truth/<kind> (MVTec)");
    expect(message).toContain(found);
  });

  test("a path that is no folder", async () => {
    touch("file");
    await expect(readDataset(join(root, "lost"))).rejects.toThrow("lost does not exist; check the path");
    await expect(readDataset(join(root, "file"))).rejects.toThrow("cannot be listed as a folder (ENOTDIR)");
  });
});
