// Solid made lesions: the shapes of lesion-shape.ts stacked, their areas those of an ellipsoid's sections, so that a
// lesion begins and ends within the volume. Each lies wholly within the brain.

import type { Random } from "../util/prng.ts";
import type { Anatomy } from "./anatomy.ts";
import { type LesionKind, type LesionPlan, type LesionShape, lesionShape } from "./lesion-shape.ts";
import type { LesionStrength } from "./lesion-strength.ts";
import { drawPlan, MOST_FLUID } from "./lesions.ts";

export interface SolidLesion {
  readonly kind: LesionKind;
  /** Its value in the truth. */
  readonly label: number;
  readonly voxels: number;
  /** First and last slice. */
  readonly slices: readonly [number, number];
}

/** The slices that lesions are added to, changed in place. */
export interface SolidScene {
  readonly anatomies: readonly Anatomy[];
  /** [slices, size, size] */
  readonly truth: Uint8Array;
  readonly size: number;
  /** Columns, rows, slices, in mm. */
  readonly spacing: readonly [number, number, number];
}

/** A lesion's section by one slice. */
interface Section {
  readonly z: number;
  readonly shape: LesionShape;
}

/** Radii in mm: 6 is a small metastasis, 18 a large tumour. */
const LEAST_RADIUS = 6;
const MOST_RADIUS = 18;
/** Half the height of a lesion as a share of its radius: least and most. */
const FLATTEST = 0.7;
const TALLEST = 1.3;
/** Sections smaller than this are left out, in pixels. */
const LEAST_SECTION = 4;
const SIZES_TRIED = 8;
const PLACES_TRIED = 60;

/** Adds a lesion of each kind; one that finds no place is made smaller, at last left out. */
export function addSolidLesions(
  scene: SolidScene,
  kinds: readonly LesionKind[],
  strength: LesionStrength,
  random: Random,
): SolidLesion[] {
  const made: SolidLesion[] = [];
  for (const kind of kinds) {
    const lesion = placed(scene, kind, made.length + 1, strength, random);
    if (lesion !== undefined) made.push(lesion);
  }
  return made;
}

function placed(
  scene: SolidScene,
  kind: LesionKind,
  label: number,
  strength: LesionStrength,
  random: Random,
): SolidLesion | undefined {
  const { size, anatomies, spacing } = scene;
  let radius = LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * random.uniform();
  const height = FLATTEST + (TALLEST - FLATTEST) * random.uniform();
  const plan = drawPlan(kind, areaOf(radius, spacing), strength, random);
  for (let tried = 0; tried < SIZES_TRIED; tried++) {
    for (let place = 0; place < PLACES_TRIED; place++) {
      const [x, y, z] = [random.integer(size), random.integer(size), random.integer(anatomies.length)];
      if (anatomies[z].brain[y * size + x] === 0) continue;
      const sections = sectionsOf(scene, plan, radius, radius * height, z);
      if (sections.every((section) => fits(scene, section, x, y)))
        return paint(scene, kind, label, sections, x, y);
    }
    radius *= 0.85;
  }
  return undefined;
}

/** Pixels of a disc. */
function areaOf(radius: number, [dx, dy]: SolidScene["spacing"]): number {
  return (Math.PI * radius * radius) / (dx * dy);
}

/** The sections of an ellipsoid about slice `middle`, as far as the volume reaches; all lengths in mm. */
function sectionsOf(
  { anatomies, spacing }: SolidScene,
  plan: LesionPlan,
  radius: number,
  halfHeight: number,
  middle: number,
): Section[] {
  const reach = Math.floor(halfHeight / spacing[2]);
  const sections: Section[] = [];
  for (let z = Math.max(0, middle - reach); z <= Math.min(anatomies.length - 1, middle + reach); z++) {
    const share = 1 - (((z - middle) * spacing[2]) / halfHeight) ** 2;
    const area = areaOf(radius, spacing) * share;
    if (area >= LEAST_SECTION) sections.push({ z, shape: lesionShape(plan, area) });
  }
  return sections;
}

function fits({ anatomies, truth, size }: SolidScene, { z, shape }: Section, x: number, y: number): boolean {
  const { brain, tissue } = anatomies[z];
  const { x0, y0, x1, y1 } = shape.box;
  if (x + x0 < 0 || y + y0 < 0 || x + x1 >= size || y + y1 >= size) return false;
  let fluid = 0;
  for (let i = 0; i < shape.dx.length; i++) {
    const pixel = (y + shape.dy[i]) * size + x + shape.dx[i];
    if (brain[pixel] === 0 || truth[z * size * size + pixel] !== 0) return false;
    fluid += 1 - tissue[pixel];
  }
  return fluid <= MOST_FLUID * shape.dx.length;
}

function paint(
  { anatomies, truth, size }: SolidScene,
  kind: LesionKind,
  label: number,
  sections: readonly Section[],
  x: number,
  y: number,
): SolidLesion {
  let voxels = 0;
  for (const { z, shape } of sections) {
    const { brightness } = anatomies[z];
    shape.dx.forEach((dx, i) => {
      const pixel = (y + shape.dy[i]) * size + x + dx;
      brightness[pixel] = Math.max(0, brightness[pixel] + shape.changes[i]);
      truth[z * size * size + pixel] = label;
    });
    voxels += shape.dx.length;
  }
  return { kind, label, voxels, slices: [sections[0].z, sections[sections.length - 1].z] };
}
