// What an input is: by the ending of its name, and where that tells nothing by its first bytes.

import { open } from "node:fs/promises";
import { formatOfEnding, HEAD_BYTES, sniffForeign } from "./sniff-format.ts";

/** `volume`: NIfTI, NRRD or MetaImage. `dicomdir`: the index of a DICOM medium. */
export type InputKind = "picture" | "dicom" | "dicomdir" | "volume" | "zip";

const ENDINGS: readonly (readonly [ending: RegExp, kind: InputKind])[] = [
  [/\.(?:nii|nii\.gz|hdr|nrrd|nhdr|mha|mhd)$/i, "volume"],
  [/\.(?:dcm|dicom|ima)$/i, "dicom"],
  [/\.zip$/i, "zip"],
];
/** DICOM files often have no ending, or what is taken for one is the end of an identifier: `1.2.840.10008`, `IM_0001`. */
const TELLS_NOTHING = /^[^.]+$|\.\d+$/;

/** What the name of a file tells, or `unknown` where its bytes must be asked; undefined for anything else. */
export function kindOfName(path: string): InputKind | "unknown" | undefined {
  const name = path.split(/[/\\]/).at(-1) ?? path;
  if (name.toUpperCase() === "DICOMDIR") return "dicomdir";
  if (formatOfEnding(name) !== undefined) return "picture";
  const found = ENDINGS.find(([ending]) => ending.test(name));
  return found?.[1] ?? (TELLS_NOTHING.test(name) ? "unknown" : undefined);
}

/** What the first bytes of a file tell; undefined for what is none of these. */
export function kindOfHead(head: Uint8Array): InputKind | undefined {
  const format = sniffForeign(head);
  if (format === "DICOM") return "dicom";
  if (format === "NIfTI" || format === "NRRD" || format === "MetaImage") return "volume";
  return format === "zip" ? "zip" : undefined;
}

/**
 * The kind of a file that is named by itself: by its bytes where they are known, else by its name; a picture where
 * neither tells, since reading it says best what is wrong.
 */
export async function kindOfFile(path: string): Promise<InputKind> {
  const named = kindOfName(path);
  if (named === "dicomdir") return named;
  const kind = kindOfHead(await headOf(path));
  return kind ?? (named === undefined || named === "unknown" ? "picture" : named);
}

/** Whether a file of a folder is an input. */
export async function isInput(path: string): Promise<boolean> {
  const named = kindOfName(path);
  return named === "unknown" ? kindOfHead(await headOf(path)) === "dicom" : named !== undefined;
}

/** The first bytes of a file; none where it cannot be read. */
async function headOf(path: string): Promise<Uint8Array> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return new Uint8Array();
  try {
    const head = new Uint8Array(HEAD_BYTES);
    const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0);
    return head.subarray(0, bytesRead);
  } catch {
    return new Uint8Array();
  } finally {
    await file.close();
  }
}
