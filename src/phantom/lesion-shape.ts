import type { Box } from "../types.ts";
import type { NoiseField } from "../util/gradient-noise.ts";

export const LESION_KINDS = ["bright", "dark", "textured", "ring", "irregular"] as const;
export type LesionKind = (typeof LESION_KINDS)[number];

/** A lesion without size and place. */
export interface LesionPlan {
  readonly kind: LesionKind;
  /** Signed change of brightness, 0 .. 255. */
  readonly contrast: number;
  /** Radius of the hole as a share of the lesion's; 0 is none. */
  readonly hole: number;
  /** Ratio of the half axes of the underlying ellipse, and the direction of the longer one. */
  readonly stretch: number;
  readonly cosine: number;
  readonly sine: number;
  /** How far the edge strays, as a share of the radius. */
  readonly raggedness: number;
  readonly noise: NoiseField;
}

/** The pixels that a lesion changes, as parallel lists of offsets from its centre and changes of brightness. */
export interface LesionShape {
  readonly dx: readonly number[];
  readonly dy: readonly number[];
  readonly changes: readonly number[];
  /** Of the offsets. */
  readonly box: Box;
}

/** The least change within a lesion, as a share of its contrast. */
const EDGE_SHARE = 1 / 3;
/** Pixels over which a lesion fades towards its edges. */
const FADE = 3;

/** The planned lesion at about `area` pixels. */
export function lesionShape(plan: LesionPlan, area: number): LesionShape {
  const radius = Math.sqrt(area / (Math.PI * (1 - plan.hole * plan.hole)));
  const reach = Math.ceil(radius * plan.stretch * (1 + 2 * plan.raggedness));
  const shape = { dx: [] as number[], dy: [] as number[], changes: [] as number[] };
  const box = { x0: reach, y0: reach, x1: -reach, y1: -reach };
  for (let dy = -reach; dy <= reach; dy++) {
    for (let dx = -reach; dx <= reach; dx++) {
      const change = changeAt(plan, radius, dx, dy);
      if (change === 0) continue;
      shape.dx.push(dx);
      shape.dy.push(dy);
      shape.changes.push(change);
      box.x0 = Math.min(box.x0, dx);
      box.x1 = Math.max(box.x1, dx);
      box.y0 = Math.min(box.y0, dy);
      box.y1 = dy;
    }
  }
  return { ...shape, box };
}

/** Change of brightness at an offset from the centre; 0 outside the lesion and in its hole. */
function changeAt(plan: LesionPlan, radius: number, dx: number, dy: number): number {
  const root = Math.sqrt(plan.stretch);
  const along = (dx * plan.cosine + dy * plan.sine) / root;
  const across = (dy * plan.cosine - dx * plan.sine) * root;
  const distance = Math.sqrt(along * along + across * across);
  const length = distance || 1;
  const edge = radius * (1 + edgeNoise(plan, along / length, across / length));
  const fromHole = plan.hole > 0 ? distance - plan.hole * edge : Infinity;
  const inside = Math.min(edge - distance, fromHole);
  if (inside <= 0) return 0;
  const share = Math.max(EDGE_SHARE, Math.min(1, inside / Math.min(FADE, radius / 2)));
  return plan.contrast * share * (plan.kind === "textured" ? speckle(plan, dx, dy) : 1);
}

/** Noise along the edge, read on a circle so that it closes; a ragged edge has finer noise on top. */
function edgeNoise({ noise, raggedness }: LesionPlan, cosine: number, sine: number): number {
  const coarse = noise(4.5 + 1.1 * cosine, 4.5 + 1.1 * sine);
  const fine = raggedness > 0.3 ? 0.6 * noise(16 + 3.3 * cosine, 16 + 3.3 * sine) : 0;
  return Math.max(-0.8, raggedness * (coarse + fine));
}

/** Speckle about 3 pixels wide, of either sign: 0.5 to 0.8 in size, as it is easily seen. */
function speckle({ noise }: LesionPlan, dx: number, dy: number): number {
  const value = noise(0.37 * dx, 0.37 * dy);
  const size = 0.5 + 0.3 * Math.min(1, 2 * Math.abs(value));
  return value < 0 ? -size : size;
}
