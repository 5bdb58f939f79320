// The grid of `mias ablate`: named settings, each a change of the default. It is data; whatever is added to the closed
// sets of options (descriptors, prompts, choosers, refinements) becomes a row of itself.

import { MiasError } from "../errors.ts";
import {
  type FeatureNames,
  fitOptions,
  fitOptionsSchema,
  IMAGE_FEATURES,
  segmentOptions,
  segmentOptionsSchema,
} from "../options.ts";
import type { FitOptions, SegmentOptions } from "../types.ts";

/** The row of the map that learns nothing. */
export const BASELINE_ROW = "intensity-baseline";
export const DEFAULT_ROW = "default";

/** A row of the grid; the baseline has no options. */
export interface GridRow {
  readonly name: string;
  readonly options: RowOptions | null;
}

export interface RowOptions {
  readonly fit: FitOptions;
  readonly segment: SegmentOptions;
}

interface Setting {
  readonly name: string;
  readonly fit?: Partial<FitOptions>;
  readonly segment?: Partial<SegmentOptions>;
}

const AXES = [64, 160, 320, "each-map"] as const;
const ROWS = [4096, 16_384, 32_768, 65_536];
/** In model pixels. */
const SIGMAS = [2, 4, 8];

function settings(features: FeatureNames): Setting[] {
  const { taps, embedding } = features;
  const learned = fitOptions(features).taps;
  const own: readonly string[] = IMAGE_FEATURES;
  const { descriptor, distance, brightness, placement, symmetry, expected, score } = fitOptionsSchema.entries;
  const { prompt, chooser, refine } = segmentOptionsSchema.entries;
  const without = (left: readonly string[]) => learned.filter((tap) => !left.includes(tap));
  return [
    { name: DEFAULT_ROW },
    { name: "paper", fit: { preset: "paper" } },
    ...[...taps, embedding].map((tap) => ({ name: `tap-${tap}`, fit: { taps: [tap] } })),
    ...own.map((left) => ({ name: `no-${left}`, fit: { taps: without([left]) } })),
    { name: "encoder-alone", fit: { taps: without(own) } },
    ...AXES.map((axes) => ({ name: `axes-${axes}`, fit: { axes } })),
    ...descriptor.options.map((name) => ({ name: `descriptor-${name}`, fit: { descriptor: name } })),
    ...ROWS.map((rows) => ({ name: `rows-${rows}`, fit: { rows } })),
    ...distance.options.map((name) => ({ name: `distance-${name}`, fit: { distance: name } })),
    ...brightness.options.map((name) => ({ name: `brightness-${name}`, fit: { brightness: name } })),
    ...placement.options.map((name) => ({ name: `placement-${name}`, fit: { placement: name } })),
    ...SIGMAS.map((sigma) => ({ name: `sigma-${sigma}`, fit: { sigma } })),
    ...symmetry.options.map((name) => ({ name: `symmetry-${name}`, fit: { symmetry: name } })),
    ...expected.options.map((name) => ({ name: `expected-${name}`, fit: { expected: name } })),
    ...score.options.map((name) => ({ name: `score-${name}`, fit: { score: name } })),
    ...prompt.options.map((name) => ({ name: `prompt-${name}`, segment: { prompt: name } })),
    ...chooser.options.map((name) => ({ name: `chooser-${name}`, segment: { chooser: name } })),
    ...refine.options.map((name) => ({ name: `refine-${name}`, segment: { refine: name } })),
  ];
}

/**
 * The rows for a model, the default first and the baseline last. A setting that is the default already is no row. Masks
 * are drawn on every image, so that they can be compared whatever is decided of it.
 * @param seed of sampling and hold-out, for all rows
 */
export function ablationGrid(features: FeatureNames, seed: number): GridRow[] {
  const rows = settings(features).map(({ name, fit = {}, segment = {} }) => {
    const learned = fitOptions(features, { ...fit, seed });
    const drawn = { ...segment, empty: "never" } as const;
    return { name, options: { fit: learned, segment: segmentOptions(learned.preset, drawn) } };
  });
  const isDefault = ({ options }: GridRow) => JSON.stringify(options) === JSON.stringify(rows[0].options);
  const others = rows.slice(1).filter((row) => !isDefault(row));
  return [rows[0], ...others, { name: BASELINE_ROW, options: null }];
}

/**
 * The rows of these names, in the grid's order.
 * @throws MiasError `usage` for a name that the grid does not hold
 */
export function chosenRows(grid: readonly GridRow[], names: readonly string[]): GridRow[] {
  const unknown = names.find((name) => !grid.some((row) => row.name === name));
  if (unknown === undefined) return grid.filter(({ name }) => names.includes(name));
  const known = grid.map(({ name }) => name).join(", ");
  const message = `rows must be of ${known}, got "${unknown}"; choose among these (the default's own values have no row)`;
  throw new MiasError("usage", "rows", message);
}

/** What a row changes of the default, such as `taps tap2` or `sigma 2`. */
export function changesOf({ options }: GridRow, defaults: RowOptions): string {
  if (options === null) return "nothing learned: brightness alone";
  const now: Record<string, unknown> = { ...options.fit, ...options.segment };
  const was: Record<string, unknown> = { ...defaults.fit, ...defaults.segment };
  return Object.keys(now)
    .filter((key) => JSON.stringify(now[key]) !== JSON.stringify(was[key]))
    .map((key) => `${key} ${Array.isArray(now[key]) ? now[key].join(" + ") : now[key]}`)
    .join(", ");
}
