import { createHash } from "node:crypto";
import { dirname, extname, join, relative, resolve, sep } from "node:path";

/** Bytes that the last part of a name may have: file systems allow 255, and the ending of a result follows. */
const MOST_BYTES = 240;
/** Characters, of up to four bytes each, that are left of a longer one. */
const KEPT_CHARACTERS = 50;

/**
 * A name for the results of each image: its path below the folder that all images share, without its ending, "/"
 * between folders. Where two images would get one name, they keep their endings; a very long name is cut.
 */
export function outputNames(files: readonly string[]): string[] {
  const folders = files.map((file) => dirname(resolve(file)));
  const shared = folders.reduce(commonFolder);
  const whole = files.map((file) => relative(shared, resolve(file)).split(sep).join("/"));
  const stems = whole.map((name) => name.slice(0, name.length - extname(name).length));
  const uses = new Map<string, number>();
  // A stem must differ from whole names too: `a.png.bmp` beside `a.png` and `a.tif`.
  for (const name of [...stems, ...whole.filter((name, i) => name !== stems[i])]) {
    uses.set(name.toLowerCase(), (uses.get(name.toLowerCase()) ?? 0) + 1);
  }
  return stems.map((stem, i) => withinLimit(uses.get(stem.toLowerCase()) === 1 ? stem : whole[i]));
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== b && !b.startsWith(join(folder, sep))) folder = dirname(folder);
  return folder;
}

/** Cuts the last part of a name that is too long, and keeps it apart from others by a hash of the whole. */
function withinLimit(name: string): string {
  const start = name.lastIndexOf("/") + 1;
  const last = name.slice(start);
  if (Buffer.byteLength(last) <= MOST_BYTES) return name;
  const kept = Array.from(last).slice(0, KEPT_CHARACTERS).join("");
  const hash = createHash("sha256").update(name).digest("hex").slice(0, 16);
  return `${name.slice(0, start)}${kept}-${hash}`;
}
