/** Images whose names differ in their last number alone are taken for slices of one patient. */
export function seriesOfName(name: string): string {
  return name.replace(/\d+(?=\D*$)/, "");
}

/** Indices of `keys` by equal key, in the order in which the keys first appear. */
export function groupsOf(keys: readonly string[]): number[][] {
  const groups = new Map<string, number[]>();
  for (const [index, key] of keys.entries()) {
    const members = groups.get(key);
    if (members === undefined) groups.set(key, [index]);
    else members.push(index);
  }
  return [...groups.values()];
}
