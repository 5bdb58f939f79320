// Volumes as the images that `fit` learns: each slice that shows something. A volume is read once to be planned and once
// to be learned; the last one read is kept, since its slices come one after another.

import { isMiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import { emptyVolume } from "../pipeline/empty-volume.ts";
import { type OpenStack, openStack } from "../pipeline/open-stack.ts";
import type { CallContext, ImageSource, Issue, MedicalImage, SliceOptions } from "../types.ts";
import type { VolumeInput } from "./volume-input.ts";

export interface SliceSources {
  readonly images: readonly ImageSource[];
  readonly issues: readonly Issue[];
  readonly failures: readonly Issue[];
}

/**
 * The slices of `volumes`, in order; a volume that cannot be read or shows nothing is a failure.
 * @throws the signal's reason when aborted
 */
export async function sliceSources(
  volumes: readonly VolumeInput[],
  options: SliceOptions,
  context: CallContext,
): Promise<SliceSources> {
  const images: ImageSource[] = [];
  const issues: Issue[] = [];
  const failures: Issue[] = [];
  const open = lastOpen(options);
  for (const [done, input] of volumes.entries()) {
    context.onProgress?.({ stage: "reading volumes", done, total: volumes.length });
    context.signal?.throwIfAborted();
    try {
      const opened = await open(input);
      const slices = slicesOf(input, opened, open);
      if (slices.length === 0) throw emptyVolume(opened.stack);
      issues.push(...opened.issues);
      images.push(...slices);
    } catch (error) {
      context.signal?.throwIfAborted();
      if (!isMiasError(error)) throw error;
      failures.push(issue("image-failed", input.name, error.message));
    }
  }
  return { images, issues, failures };
}

type Open = (input: VolumeInput) => Promise<OpenStack>;

function slicesOf(input: VolumeInput, { stack, window }: OpenStack, open: Open): ImageSource[] {
  const { axis, count } = stack.plan;
  const cut = `${axis}, ${window.low} to ${window.high}`;
  const shown = Array.from({ length: count }, (_, index) => index).filter(
    (index) => !stack.slice(index).empty,
  );
  return shown.map((index) => ({
    name: sliceName(input.name, index, count),
    ...(input.stamp === undefined ? {} : { stamp: `${input.stamp}, ${cut}` }),
    read: async (): Promise<MedicalImage> => {
      const again = await open(input);
      return { ...again.stack.slice(index).image, name: sliceName(input.name, index, count) };
    },
  }));
}

/** Slices of one volume differ in their last number alone, so that they are held out together. */
export function sliceName(volume: string, index: number, count: number): string {
  return `${volume} slice ${String(index + 1).padStart(String(count).length, "0")}`;
}

/** Opens volumes, and gives the last one again without reading it. */
function lastOpen(options: SliceOptions): Open {
  let last: { readonly input: VolumeInput; readonly opened: Promise<OpenStack> } | undefined;
  return (input) => {
    if (last?.input !== input) {
      const opened = input.read().then(({ volume }) => openStack(volume, options));
      last = { input, opened };
    }
    return last.opened;
  };
}
