/** The value, or what is nearest to it between `-most` and `most`. */
export function within(most: number, value: number): number {
  return Math.min(most, Math.max(-most, value));
}
