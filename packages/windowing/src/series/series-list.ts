import { isNdArray, type NdArray } from '@cellstate/core';
import { featuresDiffer } from './row-source.ts';
import { createSeries, isSeries, type Series, type SeriesInput, toSeries } from './series.ts';

/** One series, a list of them, or an array `[N, steps, features]`. */
export type SeriesListInput = SeriesInput | readonly (Series | NdArray)[];

/**
 * The series in `source`: the items of a list, the N parts of an array `[N, steps, features]`, or the one series.
 *
 * @param where the caller's name, for messages.
 * @throws CellstateError `FEATURES_DIFFER` when they are not equally wide, and what `series` throws.
 *
 * @example
 * ```ts
 * import { ndarray } from '@cellstate/core';
 * import { toSeriesList } from '@cellstate/windowing';
 *
 * const tanks = toSeriesList(ndarray([[[1], [2]], [[3], [4]]]), 'example');
 * tanks.map((tank) => tank.toNested()); // → [[[1], [2]], [[3], [4]]]
 * ```
 */
export function toSeriesList(source: SeriesListInput, where: string): readonly Series[] {
  const list = isList(source)
    ? source.map((item, index) => toSeries(item, { where: `${where}, series ${index}` }))
    : isNdArray(source) && source.shape.length === 3
      ? split(source, where)
      : [toSeries(source, { where })];
  const features = list[0]?.features ?? 0;
  for (const [index, item] of list.entries()) {
    if (item.features !== features) throw featuresDiffer(features, item.features, `${where}, series ${index}`);
  }
  return list;
}

/** Whether `source` holds several series: a list of them or an array `[N, steps, features]`. */
export function isManySeries(source: SeriesListInput): source is readonly (Series | NdArray)[] | NdArray {
  return isList(source) || (isNdArray(source) && source.shape.length === 3);
}

function isList(source: SeriesListInput): source is readonly (Series | NdArray)[] {
  return Array.isArray(source) && source.length > 0 && (isSeries(source[0]) || isNdArray(source[0]));
}

function split(array: NdArray, where: string): readonly Series[] {
  const [count = 0, steps = 0, features = 0] = array.shape;
  const whole = toSeries(array.reshape([count * steps, features]), { where });
  return Array.from({ length: count }, (_, index) => {
    return createSeries(whole.values.subarray(index * steps * features, (index + 1) * steps * features), whole.names);
  });
}
