import { MiasError } from "../errors.ts";

/** Which values of a mask file belong to the lesion; 128 and 255 are meant for 8-bit masks. */
export type MaskRule = ">0" | ">=128" | "=255";

/** Every rule, for help and messages. */
export const MASK_RULES: readonly MaskRule[] = [">0", ">=128", "=255"];

/** Reads a rule as a user types it. Throws MiasError `usage`. */
export function parseMaskRule(text: string): MaskRule {
  const rule = MASK_RULES.find((known) => known === text.trim());
  if (rule !== undefined) return rule;
  throw new MiasError(
    "usage",
    text,
    `mask rule must be one of ${MASK_RULES.join(", ")}, got "${text}"; choose one of these`,
  );
}

/** Whether a mask value belongs to the lesion. */
export function maskPredicate(rule: MaskRule): (value: number) => boolean {
  switch (rule) {
    case ">0":
      return (value) => value > 0;
    case ">=128":
      return (value) => value >= 128;
    case "=255":
      return (value) => value === 255;
    default:
      return rule satisfies never;
  }
}
