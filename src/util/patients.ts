import { grouped } from "./grouped.ts";

/** Images whose names differ in their last number alone are taken for slices of one patient. */
export function seriesOfName(name: string): string {
  return name.replace(/\d+(?=\D*$)/, "");
}

/** Indices of `keys` by equal key, in the order in which the keys first appear. */
export function groupsOf(keys: readonly string[]): number[][] {
  return [...grouped([...keys.keys()], (index) => keys[index]).values()];
}
