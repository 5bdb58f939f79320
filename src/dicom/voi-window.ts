import type { ValueWindow } from "../types.ts";
import type { DicomAttributes } from "../volume-types.ts";
import { textOf } from "./attribute-values.ts";

export interface WindowReading {
  readonly window?: ValueWindow;
  /** Why there is no window, or not the one of the file: rule and value. */
  readonly odd?: string;
}

/**
 * The first window of the file (DICOM PS3.3 C.11.2.1.2), in values after rescale. A width that is not positive or not
 * finite is none. SIGMOID is taken as the line through its middle part, which spans the width.
 */
export function readVoiWindow(attributes: DicomAttributes): WindowReading {
  const center = firstValue(attributes.WindowCenter);
  const width = firstValue(attributes.WindowWidth);
  if (center === undefined && width === undefined) return {};
  if (!isFiniteNumber(center) || !isFiniteNumber(width) || width <= 0) {
    return {
      odd: `the window must have a finite centre and a positive width, got ${shown(center)} and ${shown(width)}; it is not used`,
    };
  }
  const form = textOf(attributes, "VOILUTFunction") ?? "LINEAR";
  // LINEAR spans width - 1 steps around centre - 0.5; below a width of 1 it is not defined.
  if (form === "LINEAR" && width > 1) {
    return { window: { low: center - 0.5 - (width - 1) / 2, high: center - 0.5 + (width - 1) / 2 } };
  }
  const window = { low: center - width / 2, high: center + width / 2 };
  return form === "SIGMOID" ? { window, odd: "the window is a sigmoid and is taken as linear" } : { window };
}

function firstValue(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : (value ?? undefined);
}

function isFiniteNumber(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}

function shown(value: unknown): string {
  return typeof value === "number" ? String(value) : "none";
}
