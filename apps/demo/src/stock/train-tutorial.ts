import { useBackend } from '@cellstate/backends';
import type { NdArray } from '@cellstate/core';
import { rmse } from '@cellstate/forecasting';
import { adam, createTrainer } from '@cellstate/trainers';
import { series } from '@cellstate/windowing';
import { type PlainWeight, plainWeights } from '../parallel/plain-weights.ts';
import type { JobContext } from '../parallel/report.ts';
import { backedUp } from '../resume/backed-up.ts';
import { tutorialDataset } from './tutorial-dataset.ts';
import { arranged, tutorialModel } from './tutorial-model.ts';
import { WAYS, type WayName } from './way.ts';

export interface TutorialJob {
  /** A row for each day with a close for each stock. */
  readonly closes: readonly (readonly number[])[];
  readonly way: WayName;
  /** Of the initial weights and the order of samples. */
  readonly seed: number;
  readonly epochs: number;
}

export interface TutorialRun {
  readonly losses: readonly number[];
  /** In points, for each stock. */
  readonly testError: readonly number[];
  /** In points, a row for each test day. */
  readonly testForecast: readonly (readonly number[])[];
  /** What was learnt, in Keras' order. */
  readonly weights: readonly PlainWeight[];
}

/** Trains the tutorial's model once, one window at a time, and tests it on the last third. */
export async function trainTutorial(
  { closes, way: wayName, seed, epochs }: TutorialJob,
  { report, backup }: JobContext,
): Promise<TutorialRun> {
  await useBackend('cpu');
  const way = WAYS[wayName];
  const { trainX, trainY, testX, testY, scaler } = tutorialDataset(series(closes));
  const model = tutorialModel({ way, features: trainY.shape[1] as number, seed });
  const trainer = createTrainer(model, { loss: 'meanSquaredError', optimizer: adam(), seed });
  const predict = (x: NdArray) => trainer.predict(arranged(x, way), { batchSize: 1, allowOverlap: true });
  try {
    const { history } = await trainer.fit(
      { x: arranged(trainX, way), y: trainY },
      {
        epochs,
        batchSize: 1,
        shuffle: way.shuffle,
        resetStates: way.resetStates,
        allowOverlap: true,
        verbose: 0,
        callbacks: [{ onEpochEnd: (epoch) => report((epoch + 1) / epochs) }, ...backedUp(backup)],
      },
    );
    // As in the tutorial, the training days are predicted before the test days: where nothing resets it, the state goes on.
    await predict(trainX);
    if (way.resetStates === 'epoch') trainer.resetStates();
    const forecast = scaler.inverse(await predict(testX));
    return {
      losses: history.loss as number[],
      testError: rmse(scaler.inverse(testY), forecast, { per: 'feature' }),
      testForecast: forecast.toNested() as number[][],
      weights: plainWeights(model),
    };
  } finally {
    trainer.dispose();
    model.dispose();
  }
}
