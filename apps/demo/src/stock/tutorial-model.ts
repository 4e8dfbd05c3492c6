import type { NdArray } from '@cellstate/core';
import { dense, lstm, type Model, sequential } from '@cellstate/layers';
import { LOOK_BACK } from './tutorial-dataset.ts';
import type { Way } from './way.ts';

export const UNITS = 4;

export interface TutorialModelOptions {
  readonly way: Pick<Way, 'stateful' | 'window'>;
  /** The number of stocks. */
  readonly features: number;
  /** Of the initial weights. */
  readonly seed: number;
}

/** LSTM(4) and one dense unit for each stock; the batch is pinned to one window, as the tutorial has it. */
export function tutorialModel({ way: { stateful, window }, features, seed }: TutorialModelOptions): Model {
  const batchInputShape = { steps: [1, LOOK_BACK, features], features: [1, 1, LOOK_BACK * features], 'last day': [1, 1, features] }[window];
  return sequential([lstm({ units: UNITS, batchInputShape, stateful }), dense({ units: features })], { seed });
}

/** Windows `[n, lookBack, features]` as this way feeds them. */
export function arranged(x: NdArray, { window }: Pick<Way, 'window'>): NdArray {
  const [windows = 0, steps = 0, features = 0] = x.shape;
  if (window === 'steps') return x;
  return window === 'features' ? x.reshape([windows, 1, steps * features]) : x.slice([null, [-1]]);
}
