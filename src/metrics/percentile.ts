/**
 * The value below which a share of ascending values lies, interpolated linearly between neighbours as
 * numpy.percentile does. There must be one value at least; `share` is in [0, 1].
 */
export function percentile(ascending: ArrayLike<number>, share: number): number {
  const place = share * (ascending.length - 1);
  const below = Math.floor(place);
  const value = ascending[below];
  return below + 1 < ascending.length ? value + (place - below) * (ascending[below + 1] - value) : value;
}
