// DICOMDIR (PS3.3 annex F): the files of a medium. Only which image files it names is read; how they belong together
// is in the files themselves.

import { itemsOf, textsOf } from "./attribute-values.ts";
import { readAttributes } from "./attributes.ts";
import { unreadableDicom } from "./dicom-errors.ts";
import { openDicomFile } from "./dicom-file.ts";

/** File ID components are 1 to 8 of these by the standard (PS3.10 8.2); real media are a little more generous. */
const COMPONENT = /^[A-Za-z0-9_.~$-]{1,64}$/;

/**
 * The files that a DICOMDIR references, as paths from its folder with slashes, each once, in its order.
 * @throws MiasError `image-unreadable` where it is no DICOMDIR, or names a file outside its folder
 */
export function readDicomdir(name: string, bytes: Uint8Array): string[] {
  const attributes = readAttributes(name, openDicomFile(name, bytes));
  if (attributes.DirectoryRecordSequence === undefined) {
    throw unreadableDicom(name, "must be a DICOMDIR, but holds no directory records; leave it out");
  }
  const paths = itemsOf(attributes, "DirectoryRecordSequence")
    .map((record) => textsOf(record, "ReferencedFileID"))
    .filter((components) => components.length > 0)
    .map((components) => requirePath(name, components));
  return [...new Set(paths)];
}

function requirePath(name: string, components: readonly string[]): string {
  const wrong = components.find((component) => !COMPONENT.test(component) || /^\.+$/.test(component));
  if (wrong === undefined) return components.join("/");
  // The name itself is not told: folders are called after patients.
  const got = /^\.+$/.test(wrong) ? "a component of dots" : "a component with other signs";
  throw unreadableDicom(name, `must name files inside its folder, got ${got}; open the files themselves`);
}
