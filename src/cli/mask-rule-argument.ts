import { InvalidArgumentError } from "commander";
import { isMiasError } from "../errors.ts";
import { MASK_RULES, type MaskRule, parseMaskRule } from "../util/mask-rule.ts";

/** Parses the rule of which mask values belong to the lesion. */
export function maskRule(text: string): MaskRule {
  try {
    return parseMaskRule(text);
  } catch (error) {
    if (isMiasError(error)) throw new InvalidArgumentError(`must be one of ${MASK_RULES.join(", ")}`);
    throw error;
  }
}
