/** Significant decimal digits of every number in a JSON or CSV file. */
export const significantDigits = 9;

/** The number as it is written: rounded to 9 significant digits; a value that is not finite has no number. */
export function stableNumber(value: number): number | undefined {
  return Number.isFinite(value) ? Number(value.toPrecision(significantDigits)) : undefined;
}

/**
 * JSON that depends on the values alone, ended by a line feed. Keys come in the order of `keyOrder`, any others
 * after them by name; numbers are rounded to 9 significant digits, or null where they are not finite. Records and
 * lists that hold no others are put on one line.
 */
export function stableJson(value: unknown, keyOrder: readonly string[]): string {
  const rank = new Map(keyOrder.map((key, index) => [key, index]));
  return `${write(value, "", rank)}\n`;
}

function write(value: unknown, indent: string, rank: ReadonlyMap<string, number>): string {
  if (typeof value === "number") return String(stableNumber(value) ?? null);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => write(item, inner, rank))
    : orderedEntries(value, rank).map(([key, item]) => `${JSON.stringify(key)}: ${write(item, inner, rank)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  if (parts.length === 0) return open + close;
  const flat = Object.values(value).every((item) => typeof item !== "object" || item === null);
  if (flat) return Array.isArray(value) ? `[${parts.join(", ")}]` : `{ ${parts.join(", ")} }`;
  return `${open}\n${inner}${parts.join(`,\n${inner}`)}\n${indent}${close}`;
}

function orderedEntries(record: object, rank: ReadonlyMap<string, number>): [string, unknown][] {
  const place = (key: string) => rank.get(key) ?? rank.size;
  return Object.entries(record)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => place(a) - place(b) || (a < b ? -1 : 1));
}
