import type { Interval } from "../types.ts";

/** One row of the table of measures. */
export interface Measure {
  /** Where the value is in the document, e.g. `image.auroc`. */
  readonly path: string;
  readonly label: string;
  readonly value: number | null;
  readonly meaning: string;
  /** Left out where there is little room. */
  readonly detail?: true;
  /** 95 %; null where there is none. */
  readonly interval: Interval | null;
  /** What the intensity baseline reaches; undefined where it has no such measure. */
  readonly baseline?: number | null | undefined;
}

/** A measure before its interval is looked up. */
export type Facts = Omit<Measure, "interval">;
