import { CellstateError, isNdArray, type NdArray, ndarray } from '@cellstate/core';
import { isAsyncSource, openSource, type RowSource, rowFeatures, usedUp, writeRow } from './row-source.ts';
import { type Series, type SeriesInput, toSeries } from './series.ts';
import { isManySeries } from './series-list.ts';

/** Inputs and, step by step, what comes next. */
export interface NextStep<Part> {
  /** Steps 0 … n-2. */
  readonly x: Part;
  /** Steps 1 … n-1. */
  readonly y: Part;
}

/**
 * Pairs every step with the one after it: the training data of a many-to-many forecaster.
 *
 * A series gives series, an array `[N, steps, features]` gives arrays `[N, steps-1, features]` (Keras' `X[:, :-1]` and
 * `X[:, 1:]`), a list gives a list of pairs, as `lanes` takes them, and async rows give pairs of rows, one held back.
 * Steps 0 1 2 3 become x: 0 1 2, y: 1 2 3.
 *
 * @throws CellstateError `SERIES_TOO_SHORT` for fewer than two steps, and what `series` throws.
 *
 * @example
 * ```ts
 * import { ndarray } from '@cellstate/core';
 * import { nextStep } from '@cellstate/windowing';
 *
 * const { x, y } = nextStep([5, 6, 7, 8]);
 * x.toNested(); // → [[5], [6], [7]]
 * y.toNested(); // → [[6], [7], [8]]
 * nextStep(ndarray([[[1], [2], [3]], [[4], [5], [6]]])).y.toNested(); // → [[[2], [3]], [[5], [6]]]
 * ```
 */
export function nextStep(source: readonly (Series | NdArray)[]): NextStep<Series>[];
export function nextStep(source: Series): NextStep<Series>;
export function nextStep(source: NdArray): NextStep<NdArray>;
export function nextStep(source: SeriesInput): NextStep<Series>;
export function nextStep(source: RowSource): AsyncIterable<NextStep<Float32Array>>;
export function nextStep(
  source: SeriesInput | readonly (Series | NdArray)[] | RowSource,
): NextStep<NdArray> | NextStep<Series>[] | AsyncIterable<NextStep<Float32Array>> {
  const where = 'nextStep';
  if (isAsyncSource(source)) return asyncPairs(source as RowSource, where);
  if (isManySeries(source)) {
    if (!isNdArray(source))
      return source.map((item, index) => pair(toSeries(item, { where: `${where}, series ${index}` }), `${where}, series ${index}`));
    const steps = source.shape[1] as number;
    if (steps < 2) throw tooShort(steps, where);
    const without = (range: readonly [number, number?]): NdArray => {
      const part = source.slice([null, range]);
      return ndarray(part.data, part.shape);
    };
    return { x: without([0, -1]), y: without([1]) };
  }
  return pair(toSeries(source as SeriesInput, { where }), where);
}

function pair(whole: Series, where: string): NextStep<Series> {
  if (whole.steps < 2) throw tooShort(whole.steps, where);
  return { x: whole.rows(0, -1), y: whole.rows(1) };
}

function asyncPairs(source: RowSource, where: string): AsyncIterable<NextStep<Float32Array>> {
  let passes = 0;
  return {
    async *[Symbol.asyncIterator]() {
      const pass = passes++;
      let previous: Float32Array | undefined;
      let index = 0;
      for await (const row of openSource(source, where)) {
        const features: number = previous?.length ?? rowFeatures(row);
        const kept = new Float32Array(features);
        writeRow(row, { into: kept, offset: 0, features, index: index++, where });
        if (previous !== undefined) yield { x: previous, y: kept };
        previous = kept;
      }
      if (index === 0 && pass > 0) throw usedUp(where);
      if (index < 2) throw tooShort(index, where);
    },
  };
}

function tooShort(steps: number, where: string): CellstateError {
  return new CellstateError('SERIES_TOO_SHORT', 'A series needs two steps for one to come next.', {
    expected: 'at least 2 steps',
    received: `${steps} step${steps === 1 ? '' : 's'}`,
    where,
  });
}
