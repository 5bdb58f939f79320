import { isMiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import { type OpenStack, openStack } from "../pipeline/open-stack.ts";
import type { Segmenter } from "../pipeline/segment.ts";
import type { VolumeContext } from "../pipeline/segment-volume.ts";
import { slicedAlike, slicingIssues } from "../pipeline/slicing.ts";
import type { Issue, OnProgress, SliceOptions } from "../types.ts";
import type { VolumeSegmentation } from "../volume-types.ts";
import type { OpenVolume, VolumeInput } from "./volume-input.ts";

/** One volume and what was found, or why it could not be processed. */
export type VolumeOutcome =
  | { readonly open: OpenVolume; readonly opened: OpenStack; readonly found: VolumeSegmentation }
  | { readonly failure: Issue };

/**
 * Reads and segments one volume; what is wrong with it becomes an issue.
 * @param context `store`: where its slices are kept between the passes
 * @throws the signal's reason when aborted
 */
export async function segmentVolumeInput(
  segmenter: Segmenter,
  input: VolumeInput,
  options: SliceOptions,
  context: VolumeContext,
): Promise<VolumeOutcome> {
  const { signal } = context;
  try {
    const open = await input.read(signal);
    const opened = openStack(open.volume, slicedAlike(segmenter.bank, options));
    const found = await segmenter.segmentVolume(opened.stack, context);
    const issues = [...slicingIssues(input.name, segmenter.bank, options), ...opened.issues, ...found.issues];
    return { open, opened, found: { ...found, issues } };
  } catch (error) {
    signal?.throwIfAborted();
    if (!isMiasError(error)) throw error;
    return { failure: issue("image-failed", input.name, error.message) };
  }
}

/** Progress under the name of the volume's place among `total`. */
export function progressOf(
  place: number,
  total: number,
  onProgress: OnProgress | undefined,
): OnProgress | undefined {
  const stage = total === 1 ? "segmenting slices" : `segmenting volume ${place + 1} of ${total}`;
  return onProgress && ((progress) => onProgress({ ...progress, stage }));
}
