/**
 * Conformal p-value (Vovk et al., "Algorithmic Learning in a Random World", 2005): the share of normal scores, the
 * new one counted among them, that are at least `score`. For a new normal exchangeable with the others it is at most
 * alpha with probability at most alpha.
 * @param normalScores ascending
 * @returns in [1 / (n + 1), 1]
 */
export function conformalPValue(score: number, normalScores: readonly number[]): number {
  let low = 0;
  let high = normalScores.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (normalScores[middle] < score) low = middle + 1;
    else high = middle;
  }
  return (normalScores.length - low + 1) / (normalScores.length + 1);
}

/** The least p-value that so many normal scores can show. */
export function smallestPValue(normals: number): number {
  return 1 / (normals + 1);
}
