import { isDicomWebUrl } from "../dicomweb/dicomweb-url.ts";
import { MiasError } from "../errors.ts";
import { issue } from "../issues.ts";
import type { ImageSource, Issue } from "../types.ts";

/** What goes back into the studies of a DICOMweb server. */
export interface StoreOptions {
  /** Whether parametric maps are stored beside segmentations. */
  readonly maps: boolean;
}

/** @throws MiasError `usage` where results are to be stored, but have no study to go to */
export function requireStorable(
  inputs: readonly string[],
  { store, pseudonymSecret }: { readonly store?: StoreOptions; readonly pseudonymSecret?: string },
): void {
  if (store === undefined) return;
  if (pseudonymSecret !== undefined) {
    throw refusal(
      "--store and --pseudonymise must not be given together, as a pseudonymised result belongs to another study; leave one of them out",
    );
  }
  const file = inputs.find((input) => !isDicomWebUrl(input));
  if (file === undefined) return;
  throw refusal(
    `--store must come with inputs that are studies of a DICOMweb server, got ${file}; give it as dicomweb+https://HOST/dicom-web/studies/UID, or leave --store out`,
  );
}

function refusal(message: string): MiasError {
  return new MiasError("usage", "--store", message);
}

/** Single images have masks, but no DICOM segmentation. */
export function imagesNotStored(images: readonly ImageSource[]): Issue[] {
  if (images.length === 0) return [];
  const { name } = images[0];
  const message = `only volumes have segmentations to store, got ${images.length} single images, such as ${name}; their masks are in the folder of the results alone`;
  return [issue("images-not-stored", name, message)];
}
