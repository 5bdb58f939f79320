// Data sets with masks, by the names of their folders. Three layouts are known (names in any case):
//
//   MVTec      train/good   test/<kind>             ground_truth/<kind>/<name>_mask.png or <name>.png
//   BMAD       train/good   test/<kind>/img         test/<kind>/label or anomaly_mask; the same under valid or val
//   MIAS-SAM   train/good   test/test/<kind>        test/test_labels/<kind>
//
// Images are pictures, volumes (`<name>.nii.gz` with a mask of the same grid), or DICOM: a file, or a series as a folder,
// whose mask is called as the folder is.
//
// The kind `good` is normal, every other one (`Ungood`, `tumour`) anomalous. Good images need no mask: it is zero, and
// what BMAD stores for them is not read. Sources: the MVTec AD data set, github.com/DorisBao/BMAD, github.com/warpcut/MIAS-SAM.

import { basename, join } from "node:path";
import { MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import { isPictureName, listCases, maskFinder } from "./case-names.ts";
import { type FolderListing, listFolder } from "./list-folder.ts";
import { systemErrorCode } from "./system-error.ts";

export type DatasetLayout = "mvtec" | "bmad" | "mias-sam";

/** One image, or volume, whose truth is known. */
export interface DatasetCase {
  /** Its file; the folder of a DICOM series. */
  readonly image: string;
  /** The folder it came from, such as `good` or `Ungood`. */
  readonly kind: string;
  readonly anomalous: boolean;
  /** The mask's file. Absent where the image is good (its mask is zero) and where there is none. */
  readonly mask?: string;
}

export interface Dataset {
  readonly root: string;
  readonly layout: DatasetLayout;
  /** Normal images to learn from; may be empty. */
  readonly train: readonly string[];
  readonly validation: readonly DatasetCase[];
  readonly test: readonly DatasetCase[];
  readonly issues: readonly Issue[];
}

/** Where the images and masks of one kind lie. */
interface KindFolders {
  readonly kind: string;
  readonly images: string;
  readonly masks?: string;
}

/**
 * Recognises a data set and lists its files, in natural order. Nothing but folders is read.
 *
 * Issues: `mask-missing`, one for each folder of anomalous images of which some have no mask.
 * Throws MiasError `dataset-unrecognised` with what was looked for and what was found.
 */
export async function readDataset(root: string): Promise<Dataset> {
  try {
    return await recognise(root);
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined) throw error;
    const what = code === "ENOENT" ? "does not exist" : `cannot be listed as a folder (${code})`;
    throw new MiasError("dataset-unrecognised", root, `${root} ${what}; check the path`, { cause: error });
  }
}

async function recognise(root: string): Promise<Dataset> {
  const top = await listFolder(root);
  const testFolder = childOf(root, top, "test");
  if (testFolder === undefined) throw unrecognised(root, top);
  const validationFolder = childOf(root, top, "valid", "val");
  const { layout, kinds } = await readTestFolders(root, top, testFolder, validationFolder !== undefined);
  const test = await readCases(kinds);
  if (test.cases.length === 0) throw unrecognised(root, top);
  const validation = await readCases(validationFolder ? await nestedKinds(validationFolder) : []);
  return {
    root,
    layout,
    train: await readTrain(childOf(root, top, "train")),
    validation: validation.cases,
    test: test.cases,
    issues: [...validation.issues, ...test.issues],
  };
}

/** Tells the layouts apart by what is in the test folder. */
async function readTestFolders(root: string, top: FolderListing, testFolder: string, validated: boolean) {
  const inTest = await listFolder(testFolder);
  const repeated = childOf(testFolder, inTest, "test");
  if (repeated !== undefined) {
    const labels = childOf(testFolder, inTest, "test_labels");
    return { layout: "mias-sam" as const, kinds: await pairedKinds(repeated, labels) };
  }
  const nested = await nestedKinds(testFolder);
  if (validated || nested.some(({ kind, images }) => images !== join(testFolder, kind))) {
    return { layout: "bmad" as const, kinds: nested };
  }
  const truth = childOf(root, top, "ground_truth");
  return { layout: "mvtec" as const, kinds: await pairedKinds(testFolder, truth) };
}

/** `<folder>/<kind>/img` with `label` or `anomaly_mask` beside it, or images in `<folder>/<kind>` itself. */
async function nestedKinds(folder: string): Promise<KindFolders[]> {
  const { folders } = await listFolder(folder);
  return Promise.all(
    folders.map(async (kind) => {
      const path = join(folder, kind);
      const inside = await listFolder(path);
      const masks = childOf(path, inside, "label", "anomaly_mask");
      return { kind, images: childOf(path, inside, "img") ?? path, ...(masks ? { masks } : {}) };
    }),
  );
}

/** `<images>/<kind>` with masks in a folder of the same name under `truth`. */
async function pairedKinds(images: string, truth: string | undefined): Promise<KindFolders[]> {
  const { folders } = await listFolder(images);
  const truths = truth ? await listFolder(truth) : undefined;
  return folders.map((kind) => {
    const masks = truth && truths ? childOf(truth, truths, kind.toLowerCase()) : undefined;
    return { kind, images: join(images, kind), ...(masks ? { masks } : {}) };
  });
}

async function readCases(kinds: readonly KindFolders[]): Promise<{ cases: DatasetCase[]; issues: Issue[] }> {
  const cases: DatasetCase[] = [];
  const issues: Issue[] = [];
  for (const folders of kinds) {
    const found = await readKind(folders);
    cases.push(...found);
    const lacking = found.filter(({ anomalous, mask }) => anomalous && mask === undefined);
    if (lacking.length > 0) issues.push(maskIssue(folders.images, lacking, found.length));
  }
  return { cases, issues };
}

async function readKind({ kind, images, masks }: KindFolders): Promise<DatasetCase[]> {
  const anomalous = kind.toLowerCase() !== "good";
  const names = (await listCases(images)).filter((name) => join(images, name) !== masks);
  const maskOf = maskFinder(anomalous && masks ? await listCases(masks) : []);
  return names.map((name) => {
    const mask = maskOf(name);
    const found = mask === undefined ? {} : { mask: join(masks ?? "", mask) };
    return { image: join(images, name), kind, anomalous, ...found };
  });
}

async function readTrain(folder: string | undefined): Promise<string[]> {
  const good = folder && childOf(folder, await listFolder(folder), "good");
  if (!good) return [];
  const inside = await listFolder(good);
  const images = childOf(good, inside, "img") ?? good;
  return (await listCases(images)).map((name) => join(images, name));
}

/** The path of the first of `names` (in lower case) that is a folder in `parent`, as it is written there. */
function childOf(parent: string, listing: FolderListing, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const found = listing.folders.find((folder) => folder.toLowerCase() === name);
    if (found !== undefined) return join(parent, found);
  }
  return undefined;
}

function maskIssue(folder: string, lacking: readonly DatasetCase[], total: number): Issue {
  const share = `${lacking.length} of ${total} have none, the first is ${basename(lacking[0].image)}`;
  const volumes = lacking.every(({ image }) => isPictureName(image)) ? "" : ", volumes of all";
  const message = `an anomalous image must have a mask, ${share}; these are left out of pixel metrics${volumes}`;
  return issue("mask-missing", folder, message);
}

function unrecognised(root: string, found: FolderListing): MiasError {
  const layouts = [
    "test/<kind> with ground_truth/<kind> (MVTec)",
    "test/<kind>/img with label or anomaly_mask (BMAD)",
    "test/test/<kind> with test/test_labels/<kind> (MIAS-SAM)",
  ];
  const message = `${root} must be a data set with images in ${layouts.join(", ")}, got ${toldOf(found)}; check the path`;
  return new MiasError("dataset-unrecognised", root, message);
}

function toldOf({ folders, images }: FolderListing): string {
  if (folders.length > 0) return `the folders ${folders.join(", ")}`;
  return images.length > 0 ? "a folder of images without test/" : "no folder";
}
