import { MiasError } from "../errors.ts";
import type { Issue } from "../types.ts";
import type { VolumeStack } from "./volume-stack.ts";

/** A volume of which no slice can be judged: no p-value holds for it. @param issues why slices were left out */
export function emptyVolume({ name, plan }: VolumeStack, issues: readonly Issue[] = []): MiasError {
  const failed = issues.find(({ code }) => code === "slice-failed");
  const why = failed ? ` (${failed.message})` : "";
  const rule = `${name} must have a slice that shows something, got none of ${plan.count}${why}`;
  return new MiasError("image-unsupported", name, `${rule}; check its window and values, or leave it out`);
}
