/** Mean of each value of rows [n, dims]. */
export function columnMeans(rows: Float32Array, dims: number): Float32Array {
  const sums = new Float64Array(dims);
  for (let i = 0; i < rows.length; i += dims) for (let d = 0; d < dims; d++) sums[d] += rows[i + d];
  return Float32Array.from(sums, (sum) => sum / (rows.length / dims));
}
