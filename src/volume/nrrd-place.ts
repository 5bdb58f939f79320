import type { Volume } from "../volume-types.ts";
import { affineOf, isSpacing, isUsable, lengthOf, spacingOf, type Vector3 } from "./affine.ts";
import { type NrrdAxes, vectorOf } from "./nrrd-axes.ts";
import type { NrrdHeader } from "./nrrd-header.ts";
import { orientationUnknown } from "./orientation-unknown.ts";
import { threeOf } from "./text-header.ts";
import { unplacedVolume } from "./volume-errors.ts";

/** By the space's name: what turns its x and y to the patient's left and back; spaces of no patient are absent. */
const TO_LPS: readonly (readonly [RegExp, number, number])[] = [
  [/^(left-posterior-superior|lps)(-time|t)?$/, 1, 1],
  [/^(right-anterior-superior|ras)(-time|t)?$/, -1, -1],
  [/^(left-anterior-superior|las)(-time|t)?$/, 1, -1],
];

/**
 * Where an NRRD volume lies, in mm: an affine where space, directions and origin are told, else its spacing.
 * @throws MiasError `image-unreadable` where directions or spacing are told but cannot be used
 */
export function nrrdPlace(
  name: string,
  header: NrrdHeader,
  { directions, spacings, size }: NrrdAxes,
): Pick<Volume, "geometry" | "issues"> {
  if (directions === undefined) return spacingOnly(name, threeOf(spacings, Number.NaN), threeOf(size, 1));
  const origin = vectorOf(header.field("space origin") ?? "(0,0,0)");
  const affine = origin && affineOf(directions, origin);
  if (affine === undefined || !isUsable(affine)) {
    throw unplacedVolume(name, "must have directions that are finite and not singular, and a finite origin");
  }
  const space = header.field("space")?.toLowerCase() ?? "";
  const turn = TO_LPS.find(([pattern]) => pattern.test(space));
  if (turn === undefined) {
    const [x, y, z] = directions.map(lengthOf);
    return spacingOnly(name, [x, y, z], threeOf(size, 1));
  }
  const lps = affine.map((value, i) => (i < 8 ? value * turn[i < 4 ? 1 : 2] + 0 : value));
  return { geometry: { spacing: spacingOf(lps), unit: "mm", affine: lps }, issues: [] };
}

function spacingOnly(name: string, spacing: Vector3, size: Vector3): Pick<Volume, "geometry" | "issues"> {
  const issues = [orientationUnknown(name)];
  if (spacing.every(Number.isNaN)) return { geometry: { spacing: [1, 1, 1], unit: "px" }, issues };
  if (!isSpacing(spacing, size)) {
    throw unplacedVolume(name, `must have a spacing above 0, got ${spacing.join(" x ")}`);
  }
  const [x, y, z] = spacing.map((value) => (value > 0 ? value : 1));
  return { geometry: { spacing: [x, y, z], unit: "mm" }, issues };
}
