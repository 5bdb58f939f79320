import type { DicomAttributes } from "../volume-types.ts";
import { numberOf, textOf } from "./attribute-values.ts";
import { unreadableDicom, unsupportedDicom } from "./dicom-errors.ts";
import type { Photometric, PixelLayout } from "./instance.ts";

/** Most pixels a frame may have, as of any image: 2^28. */
const MOST_PIXELS = 2 ** 28;

const SAMPLES: ReadonlyMap<string, 1 | 3> = new Map<Photometric, 1 | 3>([
  ["MONOCHROME1", 1],
  ["MONOCHROME2", 1],
  ["PALETTE COLOR", 1],
  ["RGB", 3],
  ["YBR_FULL", 3],
  ["YBR_FULL_422", 3],
  ["YBR_ICT", 3],
  ["YBR_RCT", 3],
]);

/**
 * How the samples of an image are stored.
 * @throws MiasError `image-unreadable` where what the file says cannot be, `image-unsupported` where it is not read here
 */
export function readPixelLayout(name: string, attributes: DicomAttributes): PixelLayout {
  const rows = requireCount(name, attributes, "Rows");
  const columns = requireCount(name, attributes, "Columns");
  if (rows * columns > MOST_PIXELS) {
    const got = `${columns} x ${rows}`;
    throw unsupportedDicom(name, `must have at most ${MOST_PIXELS} pixels a frame, got ${got}; crop it`);
  }
  const photometric = readPhotometric(name, attributes);
  return {
    rows,
    columns,
    photometric,
    samples: requireSamples(name, attributes, photometric),
    ...readBits(name, attributes),
    signed: numberOf(attributes, "PixelRepresentation") === 1,
    planar: numberOf(attributes, "PlanarConfiguration") === 1,
  };
}

function requireCount(name: string, attributes: DicomAttributes, keyword: "Rows" | "Columns"): number {
  const count = numberOf(attributes, keyword);
  if (count !== undefined && Number.isInteger(count) && count >= 1) return count;
  throw unreadableDicom(name, `must have ${keyword} of at least 1, got ${count ?? "none"}; export it again`);
}

function readPhotometric(name: string, attributes: DicomAttributes): Photometric {
  const text = textOf(attributes, "PhotometricInterpretation") ?? "MONOCHROME2";
  if (SAMPLES.has(text)) return text as Photometric;
  const got = /^[A-Z0-9_ ]{1,16}$/.test(text) ? text : "other text";
  const known = [...SAMPLES.keys()].join(", ");
  throw unsupportedDicom(
    name,
    `must have a PhotometricInterpretation of ${known}, got ${got}; export it as RGB`,
  );
}

function requireSamples(name: string, attributes: DicomAttributes, photometric: Photometric): 1 | 3 {
  const samples = numberOf(attributes, "SamplesPerPixel") ?? 1;
  const expected = SAMPLES.get(photometric);
  if (expected === samples) return expected;
  const rule = `must have SamplesPerPixel of ${expected} for ${photometric}, got ${samples}`;
  throw unreadableDicom(name, `${rule}; export it again`);
}

function readBits(name: string, attributes: DicomAttributes) {
  const bitsAllocated = numberOf(attributes, "BitsAllocated") ?? 0;
  if (bitsAllocated !== 1 && bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    const rule = `must have BitsAllocated of 1, 8, 16 or 32, got ${bitsAllocated}`;
    throw unsupportedDicom(name, `${rule}; export it with 8 or 16 bits`);
  }
  const bitsStored = numberOf(attributes, "BitsStored") ?? bitsAllocated;
  if (!Number.isInteger(bitsStored) || bitsStored < 1 || bitsStored > bitsAllocated) {
    const rule = `must have BitsStored of 1 to BitsAllocated (${bitsAllocated}), got ${bitsStored}`;
    throw unreadableDicom(name, `${rule}; export it again`);
  }
  const highBit = numberOf(attributes, "HighBit") ?? bitsStored - 1;
  if (!Number.isInteger(highBit) || highBit < bitsStored - 1 || highBit >= bitsAllocated) {
    const rule = `must have HighBit from BitsStored - 1 (${bitsStored - 1}) to ${bitsAllocated - 1}, got ${highBit}`;
    throw unreadableDicom(name, `${rule}; export it again`);
  }
  return { bitsAllocated, bitsStored, highBit } as const;
}
