import { stableNumber } from "./stable-json.ts";

export type Cell = string | number | boolean | null | undefined;

/**
 * Rows as RFC 4180 has it (comma, CRLF, quotes doubled), without a byte order mark. A text that a spreadsheet would
 * take for a formula gets a leading apostrophe; a number has 9 significant digits.
 */
export function csvText(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(csvCell).join(",")}\r\n`).join("");
}

function csvCell(cell: Cell): string {
  if (typeof cell === "number") return String(stableNumber(cell) ?? "");
  if (typeof cell !== "string") return String(cell ?? "");
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
