// How volumes are cut into slices: as those that a bank learned, since a slice along another axis, or with other values
// black and white, looks abnormal everywhere.

import { MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { Bank, Issue, SliceOptions, Slicing, WindowChoice } from "../types.ts";
import { windowText } from "../volume/window.ts";
import { DEFAULT_AXIS } from "./open-stack.ts";

/** What volumes are cut by that are learned with these options. */
export function slicingOf({ axis = DEFAULT_AXIS, window }: SliceOptions): Slicing {
  return { axis, window: window ?? null };
}

/** What is asked for, and where nothing is, what the bank's volumes were cut by; for `openStack`. */
export function slicedAlike({ slicing }: Pick<Bank, "slicing">, asked: SliceOptions = {}): SliceOptions {
  const axis = asked.axis ?? slicing?.axis;
  const window = asked.window ?? slicing?.window;
  return { ...(axis ? { axis } : {}), ...(window ? { window } : {}) };
}

/** A warning for each option that asks for something else than the bank's volumes were cut by. */
export function slicingIssues(name: string, bank: Pick<Bank, "slicing">, asked: SliceOptions): Issue[] {
  return differences(bank, asked).map(({ option, learned, now }) => {
    const rule = `${option} of ${name} should be that of the volumes that the bank learned, ${learned}, got ${now}`;
    return issue("slicing-differs", name, `${rule}; leave --${option} out, or learn a bank with it`);
  });
}

/** @throws MiasError `usage` where volumes that a bank goes on learning are to be cut otherwise than those it knows */
export function requireSameSlicing(bank: Pick<Bank, "slicing">, asked: SliceOptions): void {
  const [first] = differences(bank, asked);
  if (first === undefined) return;
  const { option, learned, now } = first;
  const message = `${option} must be as in the bank to extend, ${learned}, got ${now}; leave --${option} out`;
  throw new MiasError("usage", option, message);
}

interface Difference {
  readonly option: "axis" | "window";
  readonly learned: string;
  readonly now: string;
}

function differences({ slicing }: Pick<Bank, "slicing">, { axis, window }: SliceOptions): Difference[] {
  if (slicing === undefined) return [];
  const found: Difference[] = [];
  if (axis !== undefined && axis !== slicing.axis) {
    found.push({ option: "axis", learned: slicing.axis, now: axis });
  }
  if (window !== undefined && !showsAlike(slicing.window, window)) {
    found.push({ option: "window", learned: windowText(slicing.window), now: windowText(window) });
  }
  return found;
}

/** The default window is the file's own or percentiles, depending on the volume. */
function showsAlike(learned: WindowChoice | null, asked: WindowChoice): boolean {
  if (learned === null) return asked === "file" || asked === "percentiles";
  return windowText(learned) === windowText(asked);
}
