import { CellstateError, checkOptions } from '@cellstate/core';
import { wholeNumber } from '../whole-number.ts';

/** Where windows lie; index rows are given in `slidingWindows`. */
export interface WindowOptions {
  /** Steps of input in a window. */
  readonly length: number;
  /** Steps to predict, consecutive rows; default 1. */
  readonly horizon?: number;
  /** Rows from one window's start to the next one's; default 1. */
  readonly stride?: number;
  /** Rows from one input step to the next; default 1, every row. */
  readonly samplingRate?: number;
  /** Rows left out between the last input and the first target; default 0. */
  readonly gap?: number;
  /** Features to predict, by name or index; default all. */
  readonly targets?: readonly (string | number)[];
}

/** The keys of `WindowOptions`. */
const windowOptionKeys: readonly string[] = ['length', 'horizon', 'stride', 'samplingRate', 'gap', 'targets'];

/** The index arithmetic of windows, all numbers checked. */
export interface WindowLayout {
  readonly length: number;
  readonly horizon: number;
  readonly stride: number;
  readonly samplingRate: number;
  readonly gap: number;
  /** Rows from the first input to the last, both counted: `(length - 1) * samplingRate + 1`. */
  readonly span: number;
  /** Rows from the first input to the last target, both counted: `span + gap + horizon`. */
  readonly reach: number;
}

/** Checks the options and adds up the rows a window covers. */
export function windowLayout(options: WindowOptions, where: string): WindowLayout {
  checkOptions(options, windowOptionKeys, where);
  const length = wholeNumber(options?.length, 1, `${where}, length`);
  const horizon = wholeNumber(options.horizon ?? 1, 1, `${where}, horizon`);
  const stride = wholeNumber(options.stride ?? 1, 1, `${where}, stride`);
  const samplingRate = wholeNumber(options.samplingRate ?? 1, 1, `${where}, samplingRate`);
  const gap = wholeNumber(options.gap ?? 0, 0, `${where}, gap`);
  const span = (length - 1) * samplingRate + 1;
  return { length, horizon, stride, samplingRate, gap, span, reach: span + gap + horizon };
}

/** How many windows fit into a series: `floor((steps - reach) / stride) + 1`, or none. */
export function windowCount(steps: number, { reach, stride }: WindowLayout): number {
  return steps < reach ? 0 : Math.floor((steps - reach) / stride) + 1;
}

/** The error of a series in which not one window fits. */
export function seriesTooShort(steps: number, needed: number, where: string): CellstateError {
  return new CellstateError('SERIES_TOO_SHORT', 'Not one window fits into the series.', {
    expected: `at least ${needed} steps`,
    received: `${steps} step${steps === 1 ? '' : 's'}`,
    where,
    hint: 'Shorten the window, its horizon or its gap, or supply a longer series.',
  });
}
