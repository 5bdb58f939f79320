/**
 * The score above which an image is called abnormal at `alpha`, from the scores of held-out normal images
 * (ascending): above it, the conformal p-value (1 + number of held-out scores >= s) / (n + 1) is at most alpha.
 *
 * Undefined when no score is, because too few images were held out; minus infinity when each score is.
 */
export function scoreLimit(scores: readonly number[], alpha: number): number | undefined {
  const total = scores.length + 1;
  // As the p-value itself is compared: 0.29 * 100 is 28.999999999999996, but 29 / 100 is 0.29.
  let rank = Math.min(total, Math.floor(alpha * total) + 1);
  while (rank / total > alpha) rank--;
  if (rank === 0) return undefined;
  return rank === total ? Number.NEGATIVE_INFINITY : scores[scores.length - rank];
}
