import { createHash } from "node:crypto";
import { dirname, extname, join, relative, resolve, sep } from "node:path";

/** Bytes that the last part of a name may have: file systems allow 255, and the ending of a result follows. */
const MOST_BYTES = 240;
/** Characters, of up to four bytes each, that are left of a longer one. */
const KEPT_CHARACTERS = 50;

/**
 * A name for the results of each image: its path below the folder that all images share, without its ending, "/"
 * between folders. Where two images would get one name, they keep their endings; a very long name is cut, and a name
 * whose files would stand where another's folders are gets a hash.
 */
export function outputNames(files: readonly string[]): string[] {
  const folders = files.map((file) => dirname(resolve(file)));
  const shared = folders.reduce(commonFolder);
  const whole = files.map((file) => relative(shared, resolve(file)).split(sep).join("/"));
  const stems = whole.map((name) => name.slice(0, name.length - endingOf(name).length));
  const uses = new Map<string, number>();
  // A stem must differ from whole names too: `a.png.bmp` beside `a.png` and `a.tif`.
  for (const name of [...stems, ...whole.filter((name, i) => name !== stems[i])]) {
    uses.set(name.toLowerCase(), (uses.get(name.toLowerCase()) ?? 0) + 1);
  }
  const names = stems.map((stem, i) => (uses.get(stem.toLowerCase()) === 1 ? stem : whole[i]));
  const inTheWay = new Set(names.flatMap(namesInTheWay));
  return names.map((name) => (isLong(name) || inTheWay.has(name.toLowerCase()) ? hashed(name) : name));
}

/**
 * The names, in lower case, that have a file where this one has a folder: `x` has `x.png` where `x.png/1` has one, and
 * with --all-masks `a` has `a/00.png` where the name `a/00.png` has one.
 */
function namesInTheWay(name: string): string[] {
  const parts = name.toLowerCase().split("/");
  const paths = parts.map((_, i) => parts.slice(0, i + 1).join("/"));
  const pictures = paths.slice(0, -1).map((folder) => /^(.*)\.(?:png|tiff)$/s.exec(folder)?.[1]);
  const masks = paths.map((folder) => /^(.*)\/\d{2,}\.png$/s.exec(folder)?.[1]);
  return [...pictures, ...masks].filter((found) => found !== undefined);
}

/** `.gz` is no ending of its own. */
function endingOf(name: string): string {
  return /\.nii\.gz$/i.exec(name)?.[0] ?? extname(name);
}

/** The folder that holds both; "." or the root where they share no other. */
export function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== b && !b.startsWith(join(folder, sep)) && dirname(folder) !== folder) {
    folder = dirname(folder);
  }
  return folder;
}

function isLong(name: string): boolean {
  return Buffer.byteLength(name.slice(name.lastIndexOf("/") + 1)) > MOST_BYTES;
}

/** Cuts the last part of a name, and keeps it apart from others by a hash of the whole. */
function hashed(name: string): string {
  const start = name.lastIndexOf("/") + 1;
  const kept = Array.from(name.slice(start)).slice(0, KEPT_CHARACTERS).join("");
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${name.slice(0, start)}${kept}-${hash}`;
}
