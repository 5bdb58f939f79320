let collator: Intl.Collator | undefined;

/** Orders names as people do: `slice2` before `slice10`; the same on every machine, whatever its language. */
export function compareNaturally(first: string, second: string): number {
  collator ??= new Intl.Collator("en", { numeric: true }); // 20 ms, which one image does without
  const order = collator.compare(first, second);
  if (order !== 0 || first === second) return order;
  return first < second ? -1 : 1;
}
