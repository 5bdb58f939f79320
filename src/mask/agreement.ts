import type { Mask } from "../types.ts";

/**
 * How much each mask agrees with the others: its mean DICE with them, in [0, 1]; 1 for a mask that is alone.
 * @param weights how many masks each one stands for; its own further copies count as others. One of weight 0 is
 * measured by the others and has no say itself.
 */
export function agreements(masks: readonly Mask[], weights: readonly number[]): number[] {
  const areas = masks.map(({ data }) => data.reduce((sum, value) => sum + value, 0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const copies = weights.map((weight) => Math.max(0, weight - 1));
  const sums = [...copies];
  for (let a = 0; a < masks.length; a++) {
    for (let b = a + 1; b < masks.length; b++) {
      const dice = diceOf(masks[a].data, masks[b].data, areas[a] + areas[b]);
      sums[a] += weights[b] * dice;
      sums[b] += weights[a] * dice;
    }
  }
  return sums.map((sum, i) => {
    const others = total - weights[i] + copies[i];
    return others === 0 ? 1 : sum / others;
  });
}

function diceOf(a: Uint8Array, b: Uint8Array, area: number): number {
  if (area === 0) return 1;
  let both = 0;
  for (let i = 0; i < a.length; i++) both += a[i] & b[i];
  return (2 * both) / area;
}
