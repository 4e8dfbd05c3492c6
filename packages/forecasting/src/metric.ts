import { CellstateError, checkOptions, isNdArray, type NdArray, type Nested, ndarray } from '@cellstate/core';
import { isForecast } from './forecast-result.ts';

/** Numbers of one axis (steps), two (`[steps, features]`), or more (`[…, steps, features]`). */
export type Values = NdArray | Float32Array | Float64Array | Int32Array | readonly Nested[];

/** What really came. A forecast does not fit here: metrics take `(actual, forecast)`. */
export type Actual = Values & { readonly kind?: never };

/** Which errors a metric keeps apart. */
export type Per = 'step' | 'feature' | 'both';

/** Options of every metric. */
export interface MetricOptions<P extends Per | undefined = undefined> {
  /** One number for each step ahead, for each feature, or `[step][feature]`; default: one number over all. */
  readonly per?: P;
}

/** One number, a list, or a list of lists, as `per` says. */
export type Score<P extends Per | undefined> = P extends 'both' ? number[][] : P extends 'step' | 'feature' ? number[] : number;

/** An error measure of a forecast. */
export type Metric = <P extends Per | undefined = undefined>(actual: Actual, forecast: Values, options?: MetricOptions<P>) => Score<P>;

/** Where in a grid a value lies. */
export interface Cell {
  readonly outer: number;
  readonly step: number;
  readonly feature: number;
}

/** What the errors of a metric are made of. */
export interface Measure {
  /** One value's share. */
  readonly term: (actual: number, forecast: number, cell: Cell) => number;
  /** What the mean of shares becomes. */
  readonly finish: (mean: number) => number;
}

/** Values as `[outer, steps, features]`. */
export interface ValueGrid {
  readonly data: ArrayLike<number>;
  readonly outer: number;
  readonly steps: number;
  readonly features: number;
}

/** A metric that is the mean of one term a value, then finished. */
export function metricOf(where: string, measure: Measure): Metric {
  return (actual, forecast, options = {}) => {
    checkOptions(options, ['per'], where);
    return score(pairOf(actual, forecast, where), measure, { per: options.per, where }) as never;
  };
}

/** Both sides of a metric, of one shape. */
export interface Pair {
  readonly actual: ValueGrid;
  readonly forecast: ValueGrid;
}

/**
 * Lays actual values and forecast over each other.
 *
 * @throws CellstateError `ARGUMENTS_SWAPPED` when the forecast comes first, `SHAPE_MISMATCH`, `NOT_A_NUMBER`.
 */
export function pairOf(actual: Actual, forecast: Values, where: string): Pair {
  if (isForecast(actual) && !isForecast(forecast)) {
    throw new CellstateError('ARGUMENTS_SWAPPED', 'The forecast was given first.', {
      expected: '(actual, forecast)',
      received: '(forecast, actual)',
      where,
    });
  }
  const left = gridOf(actual, `${where}, actual`);
  const right = gridOf(forecast, `${where}, forecast`);
  if (left.outer !== right.outer || left.steps !== right.steps || left.features !== right.features) {
    throw new CellstateError('SHAPE_MISMATCH', 'Actual values and forecast must have one shape.', {
      expected: `[${left.outer}, ${left.steps}, ${left.features}], as the actual values`,
      received: `[${right.outer}, ${right.steps}, ${right.features}]`,
      where,
    });
  }
  return { actual: left, forecast: right };
}

/** Values as series (all leading axes together), steps, features. */
function gridOf(values: Values, where: string): ValueGrid {
  const { data, shape } = ArrayBuffer.isView(values) ? { data: values as ArrayLike<number>, shape: [values.length] } : arrayOf(values);
  const [steps = 1, features = 1] = shape.length < 2 ? [shape[0] ?? 1, 1] : shape.slice(-2);
  const outer = shape.slice(0, -2).reduce((product, length) => product * length, 1);
  if (data.length === 0)
    throw new CellstateError('NO_STEPS', 'There is nothing to measure.', { expected: 'at least one value', received: 'none', where });
  for (let i = 0; i < data.length; i++) {
    if (Number.isFinite(data[i])) continue;
    throw new CellstateError('NOT_A_NUMBER', 'Errors exist between finite numbers only.', {
      expected: 'a finite number',
      received: String(data[i]),
      where: `${where}, step ${Math.floor(i / features) % steps}, feature ${i % features}`,
    });
  }
  return { data, outer, steps, features };
}

/** The score of a pair, kept apart as `per` says. */
export function score(
  { actual, forecast }: Pair,
  { term, finish }: Measure,
  { per, where }: { readonly per: Per | undefined; readonly where: string },
): number | number[] | number[][] {
  const { outer, steps, features } = actual;
  if (per !== undefined && per !== 'step' && per !== 'feature' && per !== 'both') {
    throw new CellstateError('INVALID_OPTION', 'Unknown per.', {
      expected: "'step', 'feature' or 'both'",
      received: String(per),
      where: `${where}, per`,
    });
  }
  const rows = per === 'step' || per === 'both' ? steps : 1;
  const columns = per === 'feature' || per === 'both' ? features : 1;
  const sums = new Float64Array(rows * columns);
  for (let part = 0; part < outer; part++) {
    for (let step = 0; step < steps; step++) {
      for (let feature = 0; feature < features; feature++) {
        const at = (part * steps + step) * features + feature;
        const slot = (rows === 1 ? 0 : step) * columns + (columns === 1 ? 0 : feature);
        sums[slot] = (sums[slot] as number) + term(actual.data[at] as number, forecast.data[at] as number, { outer: part, step, feature });
      }
    }
  }
  const count = (outer * steps * features) / sums.length;
  const scores = Array.from(sums, (sum) => finish(sum / count));
  if (per === undefined) return scores[0] as number;
  if (per !== 'both') return scores;
  return Array.from({ length: steps }, (_, step) => scores.slice(step * features, (step + 1) * features));
}

function arrayOf(values: Exclude<Values, ArrayBufferView> | Values): {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
} {
  return isNdArray(values) ? values : ndarray(values as readonly Nested[]);
}
