import { InvalidArgumentError } from "commander";

/** Parses a number of rows, or "all". */
export function rowsOrAll(text: string): number | "all" {
  const value = Number(text);
  if (text === "all") return text;
  if (text.trim() !== "" && Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError('must be a whole number of at least 1, or "all"');
}
