import { Inflate } from "fflate";
import { joined } from "../util/joined.ts";
import { unreadableDicom, unsupportedDicom } from "./dicom-errors.ts";

/** Most bytes that a deflated data set may unfold to; deflate can claim a thousand times its size. */
const MOST_BYTES = 2 ** 28;
/** Bytes handed over at a time, so that a bomb is noticed before it is unfolded. */
const STEP = 2 ** 16;

/**
 * Unfolds a deflated data set (DICOM PS3.5 annex A.5).
 * @throws MiasError `image-unreadable` where it is damaged, `image-unsupported` where it grows beyond 256 MiB
 */
export function inflateDataset(name: string, deflated: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  let size = 0;
  let finished = false;
  const inflate = new Inflate((part, final) => {
    parts.push(part);
    size += part.length;
    finished ||= final;
  });
  for (let at = 0; at < deflated.length && !finished; at += STEP) {
    pushStep(name, inflate, deflated.subarray(at, at + STEP), at + STEP >= deflated.length);
    if (size <= MOST_BYTES) continue;
    throw unsupportedDicom(
      name,
      `must inflate to at most ${MOST_BYTES} bytes, got more; export it uncompressed`,
    );
  }
  return joined(Uint8Array, parts);
}

function pushStep(name: string, inflate: Inflate, part: Uint8Array, last: boolean): void {
  try {
    inflate.push(part, last);
  } catch (cause) {
    throw unreadableDicom(
      name,
      "must inflate as its transfer syntax says, but does not; copy or export it again",
      cause,
    );
  }
}
