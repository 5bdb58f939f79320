// What a folder of a data set holds: pictures, volumes, DICOM files, and folders of DICOM series; and which mask is whose.

import { extname, join } from "node:path";
import { isInput, kindOfName } from "./input-kind.ts";
import { type FileFilter, listFolder } from "./list-folder.ts";
import { compareNaturally } from "./natural-order.ts";

/** Zip archives and DICOMDIRs hold more than one image. */
const isCase: FileFilter = async (path) => {
  const named = kindOfName(path);
  return named !== "zip" && named !== "dicomdir" && isInput(path);
};

const isDicom: FileFilter = async (path) => {
  const named = kindOfName(path);
  return (named === "dicom" || named === "unknown") && isInput(path);
};

/** Names of the images and volumes in a folder, in natural order. Throws the error of the system. */
export async function listCases(folder: string): Promise<string[]> {
  const { folders, images } = await listFolder(folder, isCase);
  const holdsSeries = await Promise.all(
    folders.map(async (name) => (await listFolder(join(folder, name), isDicom)).images.length > 0),
  );
  return [...images, ...folders.filter((_, i) => holdsSeries[i])].sort(compareNaturally);
}

/**
 * Finds the mask of an image among the names of a folder: `<name>_mask` or `<name>` with any ending. Where both a picture
 * and a volume are called so, it is the one of the image's own kind.
 */
export function maskFinder(masks: readonly string[]): (image: string) => string | undefined {
  const byStem = new Map<string, string[]>();
  for (const mask of masks) {
    const stem = stemOf(mask);
    byStem.set(stem, [...(byStem.get(stem) ?? []), mask]);
  }
  return (image) => {
    const stem = stemOf(image);
    const found = [...(byStem.get(`${stem}_mask`) ?? []), ...(byStem.get(stem) ?? [])];
    return found.find((mask) => isPictureName(mask) === isPictureName(image)) ?? found[0];
  };
}

/** Whether a file has the ending of a picture. */
export function isPictureName(name: string): boolean {
  return kindOfName(name) === "picture";
}

/** A name without its ending; that of a folder, or of a DICOM file without one, is whole. */
function stemOf(name: string): string {
  const kind = kindOfName(name);
  if (kind === undefined || kind === "unknown") return name;
  const ending = /\.nii\.gz$/i.test(name) ? ".nii.gz" : extname(name);
  return name.slice(0, name.length - ending.length);
}
