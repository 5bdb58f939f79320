import { dirname, extname, join, relative, resolve, sep } from "node:path";

/**
 * A name for the results of each image: its path below the folder that all images share, without its ending, "/"
 * between folders. Where two images would get one name, they keep their endings.
 */
export function outputNames(files: readonly string[]): string[] {
  const folders = files.map((file) => dirname(resolve(file)));
  const shared = folders.reduce(commonFolder);
  const whole = files.map((file) => relative(shared, resolve(file)).split(sep).join("/"));
  const stems = whole.map((name) => name.slice(0, name.length - extname(name).length));
  const uses = new Map<string, number>();
  for (const stem of stems) uses.set(stem.toLowerCase(), (uses.get(stem.toLowerCase()) ?? 0) + 1);
  return stems.map((stem, i) => (uses.get(stem.toLowerCase()) === 1 ? stem : whole[i]));
}

function commonFolder(a: string, b: string): string {
  let folder = a;
  while (folder !== b && !b.startsWith(join(folder, sep))) folder = dirname(folder);
  return folder;
}
