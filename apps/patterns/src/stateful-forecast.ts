import { concat, type NdArray } from '@cellstate/core';
import { dense, lstm, sequential } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { nextStep } from '@cellstate/windowing';
import { tanks, weightsFor } from './given.ts';
import type { PatternRun } from './pattern.ts';

/** Many to many with state: train on the next step, let the whole history set the state, then roll forward. */
export async function run(): Promise<PatternRun> {
  const data = tanks(3, 12);
  const { x, y } = nextStep(data);
  const features = data.shape[2] as number;

  const model = sequential([
    lstm({ units: 6, returnSequences: true, stateful: true, inputShape: [null, features] }),
    lstm({ units: 4, returnSequences: true, stateful: true }),
    dense({ units: features }),
  ]);
  model.setWeights(weightsFor(model));
  const trainer = createTrainer(model, { loss: 'mse', optimizer: 'adam' });
  // fit starts every epoch from zero state; that is its default.
  const { history } = await trainer.fit({ x, y }, { epochs: 3, batchSize: 3, shuffle: false, verbose: 0 });

  trainer.resetStates();
  const predicted = await trainer.predict(data); // the whole history adjusts the state
  const future = [predicted.slice([null, [-1]])]; // the first step of the future
  while (future.length < 6) future.push(await trainer.predict(future.at(-1) as NdArray)); // no reset: the state goes on
  const forecast = concat(future, 1);
  trainer.dispose();
  model.dispose();
  return { inputShape: data.shape, outputShape: forecast.shape, losses: history.loss ?? [], forecast };
}
