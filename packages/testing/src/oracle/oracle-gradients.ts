/** Far from both errors: the square of it, and the rounding of float64 divided by it. */
const H = 1e-6;

/**
 * Gradients of a float64 function with respect to each of its named arrays, by central differences: right to about 1e-9 where
 * the function is smooth.
 */
export function oracleGradients<Name extends string>(
  f: (arrays: Readonly<Record<Name, Float64Array>>) => number,
  arrays: Readonly<Record<Name, ArrayLike<number>>>,
): Record<Name, Float64Array> {
  const point = {} as Record<Name, Float64Array>;
  for (const name of Object.keys(arrays) as Name[]) point[name] = Float64Array.from(arrays[name]);
  const gradients = {} as Record<Name, Float64Array>;
  for (const name of Object.keys(arrays) as Name[]) {
    const values = point[name];
    gradients[name] = values.map((value, k) => {
      values[k] = value + H;
      const above = f(point);
      values[k] = value - H;
      const below = f(point);
      values[k] = value;
      return (above - below) / (2 * H);
    });
  }
  return gradients;
}
