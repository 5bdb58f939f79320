/**
 * What every threshold metric needs: the distinct thresholds of a set of scores, highest first, and what lies
 * between each and the one before. "Positive at t" means score >= t.
 */
export interface ThresholdTable {
  /** Descending. */
  readonly thresholds: Float64Array;
  /** Items of the truth's negatives (positives) with score in [thresholds[i], thresholds[i - 1]). */
  readonly negatives: Float64Array;
  readonly positives: Float64Array;
  /** The sum over these positives of 1 / (area of their truth region); zeros where there are no regions. */
  readonly overlap: Float64Array;
  readonly totals: { readonly negatives: number; readonly positives: number; readonly regions: number };
}

/** Room for `length` thresholds, to be filled by its maker. */
export function emptyColumns(length: number) {
  return {
    thresholds: new Float64Array(length),
    negatives: new Float64Array(length),
    positives: new Float64Array(length),
    overlap: new Float64Array(length),
  };
}

/** The table of scores with one label each (true = positive); equal scores share a threshold. */
export function tableOfScores(scores: readonly number[], labels: readonly boolean[]): ThresholdTable {
  const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a]);
  const distinct = new Set(scores).size;
  const columns = emptyColumns(distinct);
  let row = -1;
  order.forEach((item, rank) => {
    if (rank === 0 || scores[item] !== scores[order[rank - 1]]) columns.thresholds[++row] = scores[item];
    if (labels[item]) columns.positives[row]++;
    else columns.negatives[row]++;
  });
  const positives = labels.filter(Boolean).length;
  return { ...columns, totals: { negatives: labels.length - positives, positives, regions: 0 } };
}
