import { CellstateError, checkOptions } from '@cellstate/core';
import { wholeNumber } from '../whole-number.ts';
import { createSeries, type Series, type SeriesInput, toSeries } from './series.ts';

/** Options of `splitSeries`. */
export interface SplitOptions {
  /** Share of the steps below 1, or a number of steps from 2 on; default 0.7. */
  readonly train?: number;
  /** As `train`; default 0.15. 0: no validation part. */
  readonly validation?: number;
  /** Steps left out at the start of the validation and of the test part; default 0. */
  readonly gap?: number;
}

/** The parts of a series, in order of time. `test` holds what the other two leave. */
export interface SeriesSplit<Part> {
  readonly train: Part;
  readonly validation: Part;
  readonly test: Part;
}

/**
 * Cuts a series into a training part and later ones to validate and test on. Nothing is shuffled: the future stays behind.
 *
 * A share is rounded down: 10 steps with `train: 0.6, validation: 0.2` give steps 0–5, 6–7 and 8–9. With `gap: 1` they
 * give 0–5, 7 and 9, for a gap is taken from the later part; leave `length + horizon - 1` steps and no window of one
 * part shares a row with a window of another. A list of series is cut series by series. Scalers refuse to be fitted on
 * a validation or test part.
 *
 * @throws CellstateError `SPLIT_EMPTY` when a part that was asked for holds no step, `INVALID_OPTION`.
 *
 * @example
 * ```ts
 * import { splitSeries } from '@cellstate/windowing';
 *
 * const { train, validation, test } = splitSeries([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], { train: 0.6, validation: 0.2 });
 * train.steps; // → 6
 * validation.toNested(); // → [[6], [7]]
 * test.toNested(); // → [[8], [9]]
 * ```
 */
export function splitSeries(source: readonly Series[], options?: SplitOptions): SeriesSplit<Series[]>;
export function splitSeries(source: SeriesInput, options?: SplitOptions): SeriesSplit<Series>;
export function splitSeries(
  source: SeriesInput | readonly Series[],
  options: SplitOptions = {},
): SeriesSplit<Series> | SeriesSplit<Series[]> {
  const where = 'splitSeries';
  checkOptions(options, ['train', 'validation', 'gap'], where);
  if (!isList(source)) return split(toSeries(source, { where }), options, where);
  const parts = source.map((item, index) => split(toSeries(item, { where }), options, `${where}, series ${index}`));
  return { train: parts.map((part) => part.train), validation: parts.map((part) => part.validation), test: parts.map((part) => part.test) };
}

function isList(source: SeriesInput | readonly Series[]): source is readonly Series[] {
  return Array.isArray(source) && typeof source[0] === 'object' && 'steps' in source[0];
}

function split(whole: Series, options: SplitOptions, where: string): SeriesSplit<Series> {
  const { train = 0.7, validation = 0.15 } = options;
  const gap = wholeNumber(options.gap ?? 0, 0, `${where}, gap`);
  const trainEnd = stepsOf(train, { of: whole.steps, where: `${where}, train` });
  const validationEnd = trainEnd + stepsOf(validation, { of: whole.steps, where: `${where}, validation` });
  if (validationEnd > whole.steps || (train < 1 && validation < 1 && train + validation > 1 + 1e-9)) {
    throw new CellstateError('INVALID_OPTION', 'The parts are longer than the series.', {
      expected: `train and validation of at most ${whole.steps} steps together`,
      received: `${trainEnd} + ${validationEnd - trainEnd} steps`,
      where,
    });
  }
  const hasTest = !(train < 1 && validation < 1 && train + validation > 1 - 1e-9) && validationEnd < whole.steps;
  if (trainEnd === 0) throw empty('train', whole.steps, where);
  if (validation > 0 && validationEnd - trainEnd <= gap) throw empty('validation', whole.steps, where);
  if (hasTest && whole.steps - validationEnd <= gap) throw empty('test', whole.steps, where);
  const validationStart = Math.min(validationEnd, trainEnd + gap);
  const testStart = Math.min(whole.steps, validationEnd + gap);
  return {
    train: part(whole, { name: 'train', start: 0, end: trainEnd }),
    validation: part(whole, { name: 'validation', start: validationStart, end: validationEnd }),
    test: part(whole, { name: 'test', start: testStart, end: whole.steps }),
  };
}

function part(
  whole: Series,
  range: { readonly name: 'train' | 'validation' | 'test'; readonly start: number; readonly end: number },
): Series {
  const { features, names, values } = whole;
  return createSeries(values.subarray(range.start * features, range.end * features), names, { part: range });
}

function stepsOf(share: number, { of, where }: { readonly of: number; readonly where: string }): number {
  // 0.29 * 100 is 28.999999999999996: a share that is a whole number of steps must not lose one to rounding.
  if (typeof share === 'number' && share >= 0 && share < 1) return Math.floor(of * share + 1e-9);
  if (Number.isSafeInteger(share) && share >= 2) return share;
  throw new CellstateError('INVALID_OPTION', 'A part is a share of the steps or a number of steps.', {
    expected: 'a share from 0 to below 1, or a whole number from 2 on',
    received: String(share),
    where,
  });
}

function empty(name: string, steps: number, where: string): CellstateError {
  return new CellstateError('SPLIT_EMPTY', `The ${name} part would hold no step.`, {
    expected: 'at least 1 step behind the gap',
    received: `a series of ${steps} steps`,
    where,
    hint: 'Enlarge its share, shorten the gap, or supply a longer series.',
  });
}
