// Which axes of an NRRD array are space, and which one holds colours or several volumes.

import type { Vector3 } from "./affine.ts";
import type { NrrdHeader } from "./nrrd-header.ts";
import { numberOf } from "./text-header.ts";
import { damagedVolume, unsupportedVolume } from "./volume-errors.ts";

export interface NrrdAxes {
  /** Lengths of the axes of space. */
  readonly size: readonly number[];
  readonly volumes: number;
  /** Whether the axis of volumes is the fastest. */
  readonly interleaved: boolean;
  readonly channels: 1 | 3 | 4;
  /** Steps along the axes of space where there are three and all are told. */
  readonly directions?: readonly Vector3[];
  /** Distances along the axes of space where `spacings` tells them; else NaN. */
  readonly spacings: readonly number[];
  /** Voxels of all axes. */
  readonly items: number;
}

const SPACE_KINDS = /^(domain|space|\?\?\?|none)$/;
const COLOUR_KINDS: Readonly<Record<string, 3 | 4>> = {
  "rgb-color": 3,
  "3-color": 3,
  "rgba-color": 4,
  "4-color": 4,
};

/**
 * Tells the axes apart: those without a direction, or of a kind such as `list` or `RGB-color`, are not of space; of
 * four axes without either the last counts volumes.
 * @throws MiasError `image-unreadable` where the fields do not fit, `image-unsupported` where the axes are others
 */
export function nrrdAxes(name: string, header: NrrdHeader): NrrdAxes {
  const [count] = header.numbers("dimension", 1) ?? [0];
  const sizes =
    Number.isInteger(count) && count >= 1 && count <= 16 ? header.numbers("sizes", count) : undefined;
  if (sizes === undefined) throw damagedVolume(name, "NRRD", "it must tell dimension and sizes");
  if (!sizes.every((side) => Number.isSafeInteger(side) && side >= 1)) {
    throw damagedVolume(name, "NRRD", `every side must be at least 1, got ${sizes.join(" x ")}`);
  }
  const kinds = wordsOf(header, "kinds", count).map((kind) => kind.toLowerCase());
  const directions = directionsOf(name, header, count);
  const spacings = header.numbers("spacings", count) ?? sizes.map(() => Number.NaN);
  const other = otherAxis(name, kinds, directions, count);
  const space = sizes.map((_, axis) => axis).filter((axis) => axis !== other);
  const steps = space.map((axis) => directions[axis]);
  const told = steps.length === 3 && steps.every((step) => step !== undefined);
  return {
    ...contentOf(name, other, kinds, sizes),
    size: space.map((axis) => sizes[axis]),
    ...(told ? { directions: steps as Vector3[] } : {}),
    spacings: space.map((axis) => spacings[axis]),
    items: sizes.reduce((product, side) => product * side, 1),
  };
}

function wordsOf(header: NrrdHeader, key: string, count: number): string[] {
  const words = header.field(key)?.split(/\s+/) ?? [];
  return Array.from({ length: count }, (_, i) => words[i] ?? "???");
}

/** For each axis its step in space, as far as told. */
function directionsOf(name: string, header: NrrdHeader, count: number): (Vector3 | undefined)[] {
  const text = header.field("space directions");
  const words = text?.match(/none|\([^)]*\)/gi) ?? new Array<string>(count).fill("none");
  if (words.length !== count) {
    throw damagedVolume(name, "NRRD", `"space directions" must be ${count} vectors, got ${words.length}`);
  }
  return words.map((word) => (word.toLowerCase() === "none" ? undefined : vectorOf(word)));
}

/** `(x,y,z)`; undefined for vectors of another length. */
export function vectorOf(text: string): Vector3 | undefined {
  const numbers = text
    .replace(/[()\s]/g, "")
    .split(",")
    .map(numberOf);
  const [x, y, z] = numbers;
  return numbers.length === 3 && x !== undefined && y !== undefined && z !== undefined
    ? [x, y, z]
    : undefined;
}

function otherAxis(
  name: string,
  kinds: readonly string[],
  directions: readonly (Vector3 | undefined)[],
  count: number,
): number | undefined {
  const placed = directions.some((step) => step !== undefined);
  const axes = kinds.map((_, axis) => axis);
  const others = axes.filter((axis) => !SPACE_KINDS.test(kinds[axis]) || (placed && !directions[axis]));
  if (others.length === 0 && count === 4) return 3;
  const spatial = count - others.length;
  const atEnd = others.every((axis) => axis === 0 || axis === count - 1);
  if (others.length <= 1 && (spatial === 2 || spatial === 3) && atEnd) return others[0];
  const rule = "must have 2 or 3 axes of space, and at most one of colours or volumes before or after them";
  throw unsupportedVolume(name, `${rule}, got ${spatial} of space and ${others.length} others; export it so`);
}

function contentOf(
  name: string,
  other: number | undefined,
  kinds: readonly string[],
  sizes: readonly number[],
): Pick<NrrdAxes, "volumes" | "interleaved" | "channels"> {
  if (other === undefined) return { volumes: 1, interleaved: false, channels: 1 };
  if (/complex/.test(kinds[other])) {
    throw unsupportedVolume(name, "must hold real numbers, got complex numbers; convert it");
  }
  const colours = COLOUR_KINDS[kinds[other]];
  if (colours === undefined) return { volumes: sizes[other], interleaved: other === 0, channels: 1 };
  if (other === 0 && sizes[other] === colours) return { volumes: 1, interleaved: false, channels: colours };
  throw damagedVolume(
    name,
    "NRRD",
    `an axis of ${colours} colours must be the first, got ${sizes[other]} values`,
  );
}
