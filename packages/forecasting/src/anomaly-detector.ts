import { CellstateError, checkOptions, isNdArray, type NdArray, ndarray, size } from '@cellstate/core';
import { isSeries } from '@cellstate/windowing';
import { pairOf, type Values } from './metric.ts';
import { wholeNumber } from './whole-number.ts';

/** Options of `anomalyDetector`. */
export interface AnomalyOptions {
  /** Share of the normal scores that lie at or below the threshold before the margin; default 0.99. 1: all of them. */
  readonly quantile?: number;
  /** What the quantile is multiplied by; default 1. */
  readonly margin?: number;
  /** How many items in a row must exceed the threshold for an alarm; default 1. Single spikes do not alarm from 2 on. */
  readonly consecutive?: number;
}

/** A detector without a threshold. */
export interface AnomalyDetector {
  /**
   * Fixes the threshold on normal data that the model was not trained on. Both arrays are `[items, features]` (one series,
   * each step an item), `[N, items, features]`, or `[N, items, steps, features]` (each window an item).
   *
   * Throws `THRESHOLD_NOT_HELD_OUT` for a train or test part, `SHAPE_MISMATCH`, `NOT_A_NUMBER`, `HISTORY_TOO_SHORT`.
   */
  fit(actual: Values, predicted: Values): FittedAnomalyDetector;
}

/** A detector with its threshold. */
export interface FittedAnomalyDetector {
  /** Scores above it, `consecutive` times in a row, raise an alarm. */
  readonly threshold: number;
  /** Mean absolute error of each feature on the normal data: the unit of the scores. */
  readonly scale: readonly number[];
  /** Normal items the threshold rests on. */
  readonly items: number;
  /** Share of normal items that would have raised an alarm: the false alarms to expect. */
  readonly falseAlarmRate: number;
  /** Scores other data, shaped as for `fit`. */
  score(actual: Values, predicted: Values): AnomalyReport;
  toJSON(): { readonly threshold: number; readonly scale: readonly number[]; readonly consecutive: number };
}

/** How strange each item and each series is. */
export interface AnomalyReport {
  /** `[N, items]`: the mean over steps and features of the absolute error in units of the normal one. Around 1 is normal. */
  readonly scores: NdArray;
  /** `[N, items]`: 1 where an alarm is raised. */
  readonly alarms: NdArray;
  /** The series, strangest first. */
  readonly ranking: readonly RankedSeries[];
}

/** One series in the ranking. */
export interface RankedSeries {
  /** Its number, from 0. */
  readonly series: number;
  /** The mean of its scores. */
  readonly score: number;
  /** Items with an alarm. */
  readonly alarms: number;
  /** The first item with an alarm, from 0; null: none. */
  readonly firstAlarm: number | null;
}

/**
 * Finds what a model that knows the normal cannot reproduce: large errors of a reconstruction or a forecast.
 *
 * An item's score is its mean absolute error, each feature in units of its error on normal data. The threshold is a quantile of the
 * scores on normal, held-out data, so a share of `1 - quantile` false alarms is to be expected there; `consecutive: k` asks for k
 * in a row and takes the quantile of the least of each k successive scores. Nothing is picked on the data to be judged.
 *
 * @throws CellstateError `INVALID_OPTION`, `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { anomalyDetector } from '@cellstate/forecasting';
 *
 * const normal = [[1, 2, 1, 2], [2, 1, 2, 1]].map((tank) => tank.map((value) => [value]));
 * const expected = normal.map((tank) => tank.map(() => [1.5]));
 * const detector = anomalyDetector({ quantile: 1, margin: 2 }).fit(normal, expected);
 * detector.threshold; // → 2
 * const { ranking } = detector.score([[[1], [2], [1]], [[2], [5], [6]]], [[[1.5], [1.5], [1.5]], [[1.5], [1.5], [1.5]]]);
 * ranking.map(({ series, alarms, firstAlarm }) => [series, alarms, firstAlarm]); // → [[1, 2, 1], [0, 0, null]]
 * ```
 */
export function anomalyDetector(options: AnomalyOptions = {}): AnomalyDetector {
  const where = 'anomalyDetector';
  checkOptions(options, ['quantile', 'margin', 'consecutive'], where);
  const { quantile = 0.99, margin = 1 } = options;
  if (!(quantile > 0 && quantile <= 1)) throw outside('quantile', { expected: 'above 0, at most 1', received: quantile, where });
  if (!(margin > 0 && Number.isFinite(margin))) throw outside('margin', { expected: 'above 0', received: margin, where });
  const consecutive = wholeNumber(options.consecutive ?? 1, 1, `${where}, consecutive`);
  return {
    fit(actual, predicted) {
      refuseSeen(actual, `${where}.fit`);
      const errors = errorsOf(actual, predicted, `${where}.fit`);
      const scale = featureMeans(errors);
      const levels = alarmLevels(itemScores(errors, scale), consecutive);
      if (levels.length === 0) throw tooFew(errors.items, consecutive, `${where}.fit`);
      const threshold = quantileOf(levels, quantile) * margin;
      return {
        threshold,
        scale,
        items: errors.series * errors.items,
        falseAlarmRate: levels.filter((level) => level > threshold).length / levels.length,
        score: (values, prediction) =>
          report(errorsOf(values, prediction, `${where}.score`), { threshold, scale, consecutive, where: `${where}.score` }),
        toJSON: () => ({ threshold, scale, consecutive }),
      };
    },
  };
}

interface Errors {
  readonly data: Float64Array;
  readonly series: number;
  readonly items: number;
  readonly steps: number;
  readonly features: number;
}

function errorsOf(actual: Values, predicted: Values, where: string): Errors {
  const { actual: left, forecast: right } = pairOf(actual as never, predicted, where);
  const data = Float64Array.from({ length: left.data.length }, (_, i) => Math.abs((left.data[i] as number) - (right.data[i] as number)));
  const shape = shapeOf(actual);
  const features = shape.length === 1 ? 1 : (shape.at(-1) as number);
  if (shape.length <= 3) {
    const [series, items] = shape.length === 3 ? [shape[0] as number, shape[1] as number] : [1, shape[0] as number];
    return { data, series, items, steps: 1, features };
  }
  const [items, steps] = shape.slice(-3, -1) as [number, number];
  return { data, series: size(shape.slice(0, -3)), items, steps, features };
}

function shapeOf(values: Values): readonly number[] {
  if (isNdArray(values)) return values.shape;
  return ArrayBuffer.isView(values) ? [values.length] : ndarray(values as never).shape;
}

function featureMeans({ data, features }: Errors): number[] {
  const sums = new Float64Array(features);
  for (let i = 0; i < data.length; i++) sums[i % features] = (sums[i % features] as number) + (data[i] as number);
  // A feature reproduced without any error gives no unit; its errors count as they are.
  return Array.from(sums, (sum) => (sum > 0 ? (sum * features) / data.length : 1));
}

/** One row of scores a series. */
function itemScores({ data, series, items, steps, features }: Errors, scale: readonly number[]): number[][] {
  const length = steps * features;
  return Array.from({ length: series }, (_, row) =>
    Array.from({ length: items }, (_, item) => {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += (data[(row * items + item) * length + i] as number) / (scale[i % features] as number);
      return sum / length;
    }),
  );
}

/** The least of each `consecutive` successive scores: an alarm is raised where it exceeds the threshold. */
function alarmLevels(scores: readonly (readonly number[])[], consecutive: number): number[] {
  return scores.flatMap((row) => row.slice(consecutive - 1).map((_, i) => Math.min(...row.slice(i, i + consecutive))));
}

function report(
  errors: Errors,
  about: { readonly threshold: number; readonly scale: readonly number[]; readonly consecutive: number; readonly where: string },
): AnomalyReport {
  const { threshold, scale, consecutive, where } = about;
  if (errors.features !== scale.length) {
    throw new CellstateError('SHAPE_MISMATCH', 'The detector was fitted on other features.', {
      expected: `${scale.length} features`,
      received: `${errors.features} features`,
      where,
    });
  }
  const scores = itemScores(errors, scale);
  const alarms = scores.map((row) =>
    row.map((_, i) => (i + 1 >= consecutive && Math.min(...row.slice(i + 1 - consecutive, i + 1)) > threshold ? 1 : 0)),
  );
  const ranking = scores
    .map((row, series): RankedSeries => {
      const raised = alarms[series] as number[];
      const first = raised.indexOf(1);
      return {
        series,
        score: row.reduce((sum, score) => sum + score, 0) / row.length,
        alarms: raised.reduce<number>((sum, alarm) => sum + alarm, 0),
        firstAlarm: first < 0 ? null : first,
      };
    })
    .sort((a, b) => b.score - a.score || a.series - b.series);
  const shape = [errors.series, errors.items];
  return { scores: ndarray(Float32Array.from(scores.flat()), shape), alarms: ndarray(Uint8Array.from(alarms.flat()), shape), ranking };
}

/** The quantile of a sample, linear between its values, as NumPy's. */
function quantileOf(values: readonly number[], quantile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * quantile;
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}

function refuseSeen(actual: Values, where: string): void {
  const part = isSeries(actual) ? actual.part?.name : undefined;
  if (part !== 'train' && part !== 'test') return;
  throw new CellstateError('THRESHOLD_NOT_HELD_OUT', `A threshold must not be fitted on the ${part} part.`, {
    expected: 'normal data held out for it: the validation part',
    received: `the ${part} part`,
    where,
    hint:
      part === 'train'
        ? 'Errors on what the model was trained on are too small.'
        : 'A threshold picked on the data to be judged proves nothing.',
  });
}

function tooFew(items: number, consecutive: number, where: string): CellstateError {
  return new CellstateError('HISTORY_TOO_SHORT', 'There are fewer items than must alarm in a row.', {
    expected: `at least ${consecutive} items a series`,
    received: `${items}`,
    where,
  });
}

function outside(
  option: string,
  { expected, received, where }: { readonly expected: string; readonly received: unknown; readonly where: string },
): CellstateError {
  return new CellstateError('INVALID_OPTION', `${option} is out of range.`, {
    expected,
    received: String(received),
    where: `${where}, ${option}`,
  });
}
