import { random } from '@cellstate/core';
import { batchNormalization, dense, dropout, lstm, type Model, sequential } from '@cellstate/layers';
import { lanes, series, slidingWindows } from '@cellstate/windowing';
import {
  adam,
  type Callback,
  cosineDecay,
  type EarlyStoppingOptions,
  earlyStopping,
  type FitOptions,
  reduceLROnPlateau,
  type TrainerOptions,
  type TrainingData,
} from '../../src/index.ts';

/** A training from its beginning, by the same code each time. */
export interface Training {
  readonly model: () => Model;
  readonly trainer: TrainerOptions;
  readonly data: () => TrainingData;
  readonly fit: () => FitOptions & { readonly callbacks: readonly Callback[] };
}

/** Patience that is half spent most of the time: hardly any epoch is better by so much. */
const stopping = (options: EarlyStoppingOptions) => earlyStopping({ patience: 5, minDelta: 0.2, restoreBestWeights: true, ...options });

const tanks = (count: number, steps: number) =>
  Array.from({ length: count }, (_, tank) => Array.from({ length: steps + 3 * tank }, (_, hour) => Math.sin(hour / 3 + tank) + 0.1 * tank));

/** Two stateful layers with dropout over lanes, whose sequences change places each epoch; the rate falls on a plateau. */
export const laneTraining: Training = {
  model: () =>
    sequential(
      [
        lstm({ units: 3, returnSequences: true, stateful: true, dropout: 0.2, recurrentDropout: 0.1, inputShape: [null, 1] }),
        lstm({ units: 2, returnSequences: true, stateful: true }),
        dense({ units: 1 }),
      ],
      { seed: 5 },
    ),
  trainer: { optimizer: adam({ learningRate: 0.02, clipNorm: 1, amsgrad: true }), loss: 'mse', metrics: ['mae'], seed: 11 },
  data: () => (epoch) => {
    const sequences = tanks(4, 10);
    const order = random(3).split(epoch).permutation(sequences.length);
    return lanes(
      Array.from(order, (index) => sequences[index]),
      { lanes: 2, steps: 4, targets: 'next' },
    );
  },
  fit: () => ({
    epochs: 8,
    verbose: 0,
    validationData: lanes(tanks(2, 9), { lanes: 2, steps: 4, targets: 'next' }),
    callbacks: [stopping({ monitor: 'val_loss' }), reduceLROnPlateau({ monitor: 'loss', factor: 0.5, patience: 2, minDelta: 0.02 })],
  }),
};

/** Shuffled samples, dropout, moving statistics, a schedule, several metrics, a part cut off for validation. */
export const sampleTraining: Training = {
  model: () =>
    sequential([lstm({ units: 3, dropout: 0.3, inputShape: [4, 1] }), batchNormalization(), dropout({ rate: 0.25 }), dense({ units: 1 })], {
      seed: 9,
    }),
  trainer: {
    optimizer: adam({ learningRate: cosineDecay({ initialLearningRate: 0.05, decaySteps: 40 }) }),
    loss: 'huber',
    metrics: ['mae', 'r2'],
    seed: 4,
  },
  data: () => {
    const windows = slidingWindows(series(Array.from({ length: 30 }, (_, i) => Math.sin(i / 2) + i / 40)), { length: 4 }).toArrays();
    return { x: windows.x, y: windows.y };
  },
  fit: () => ({
    epochs: 6,
    batchSize: 5,
    shuffle: true,
    validationSplit: 0.2,
    verbose: 0,
    callbacks: [stopping({ monitor: 'val_loss', baseline: 0.9 })],
  }),
};

/** Windows that draw a new order each pass by themselves. */
export const windowTraining: Training = {
  ...sampleTraining,
  data: () =>
    slidingWindows(series(Array.from({ length: 24 }, (_, i) => Math.cos(i / 2))), { length: 4 }).batches({
      batchSize: 4,
      shuffle: { seed: 2 },
    }),
  fit: () => ({ epochs: 5, verbose: 0, callbacks: [stopping({ monitor: 'loss' })] }),
};
