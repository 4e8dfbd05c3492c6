import type { NdArray } from '@cellstate/core';
import { createDataset, type FittedScaler, minMaxScaler, type Series } from '@cellstate/windowing';

export const LOOK_BACK = 3;

/** The tutorial's arrays: windows of three days and the day behind each, scaled to [0, 1]. */
export interface TutorialDataset {
  /** `[windows, lookBack, features]` */
  readonly trainX: NdArray;
  /** `[windows, features]` */
  readonly trainY: NdArray;
  readonly testX: NdArray;
  readonly testY: NdArray;
  readonly scaler: FittedScaler;
}

/** Days of the training part; the rest is for testing. */
export function trainDays(days: number): number {
  return Math.floor(days * 0.67);
}

/** The first day that a test window has to tell. */
export function firstTestDay(days: number): number {
  return trainDays(days) + LOOK_BACK;
}

/** The tutorial's preparation, step by step, with its one fault kept: the scaler sees the test days too. */
export function tutorialDataset(closes: Series): TutorialDataset {
  const scaler = minMaxScaler({ range: [0, 1] }).fit(closes);
  const scaled = scaler.transform(closes);
  const trainSize = trainDays(scaled.steps);
  const train = createDataset(scaled.rows(0, trainSize), { lookBack: LOOK_BACK });
  const test = createDataset(scaled.rows(trainSize), { lookBack: LOOK_BACK });
  return { trainX: train.x, trainY: train.y, testX: test.x, testY: test.y, scaler };
}
