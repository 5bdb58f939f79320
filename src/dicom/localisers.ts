// Localisers (scouts, topograms): images that a scan was planned on, which tell so in ImageType (DICOM PS3.3 C.8.2.1.1.1,
// C.8.3.1.1.1) or, of enhanced images, FrameType. They are no slices of it.

import { issue } from "../issues.ts";
import type { Issue } from "../types.ts";
import type { FrameHeader, InstanceHeader } from "./instance.ts";
import type { SeriesFrame } from "./series-plan.ts";

function isLocaliserFrame({ keys }: FrameHeader): boolean {
  return keys.imageType?.split("/").includes("LOCALIZER") ?? false;
}

/** Whether all frames of an image are localisers. */
export function isLocaliser({ frames }: InstanceHeader): boolean {
  return frames.length > 0 && frames.every(isLocaliserFrame);
}

/** The frames of a series but for localisers; a series of nothing else is kept. Both are told. */
export function withoutLocalisers(
  name: string,
  frames: readonly SeriesFrame[],
): { readonly kept: readonly SeriesFrame[]; readonly issues: readonly Issue[] } {
  const kept = frames.filter(({ frame }) => !isLocaliserFrame(frame));
  const localisers = frames.length - kept.length;
  if (localisers === 0) return { kept, issues: [] };
  const isAll = kept.length === 0;
  const [are, they] = localisers === 1 ? ["is one", "it is"] : ["are", "they are"];
  const outcome = isAll ? `${they} read, choose another series unless that is meant` : `${they} left out`;
  const rule = `images of ${name} must be no localisers, but ${localisers} of ${frames.length} ${are} (ImageType)`;
  return { kept: isAll ? frames : kept, issues: [issue("localiser", name, `${rule}; ${outcome}`)] };
}
