import { type NdArray, ndarray } from '@cellstate/core';
import type { FittedScaler, Series } from '@cellstate/windowing';

/** A forecast `[rows, steps, features]` back in original units; row i goes on behind row `ends[i]` of `list[i]`. */
export function unscale(
  values: NdArray,
  { scaler, list, ends }: { readonly scaler: FittedScaler | undefined; readonly list: readonly Series[]; readonly ends: readonly number[] },
): Float32Array {
  if (scaler === undefined) return values.data as Float32Array;
  const { context } = scaler;
  if (context === 0) return scaler.inverse(values).data as Float32Array;
  const { features } = list[0] as Series;
  const after = new Float32Array(list.length * context * features);
  for (const [row, { values: known }] of list.entries()) {
    const end = ends[row] as number;
    after.set(known.subarray((end - context) * features, end * features), row * context * features);
  }
  return scaler.inverse(values, { after: ndarray(after, [list.length, context, features]) }).data as Float32Array;
}
