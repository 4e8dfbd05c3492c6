import { concat, type NdArray } from '@cellstate/core';
import { input, lstm, model } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { nextStep } from '@cellstate/windowing';
import { tanks, weightsFor } from './given.ts';
import type { PatternRun } from './pattern.ts';

/** One to many by state: the model's own output is its next input, and its state remembers the rest. */
export async function run(): Promise<PatternRun> {
  const data = tanks(4, 9);
  const { x, y } = nextStep(data);
  const features = data.shape[2] as number;

  const inputs = input({ shape: [null, features] });
  let outputs = lstm({ units: 5, returnSequences: true, stateful: true }).apply(inputs);
  outputs = lstm({ units: features, returnSequences: true, stateful: true }).apply(outputs);
  const network = model({ inputs, outputs });
  network.setWeights(weightsFor(network));
  const trainer = createTrainer(network, { loss: 'mse', optimizer: 'adam' });

  const losses: number[] = [];
  for (let update = 0; update < 3; update++) {
    trainer.resetStates();
    losses.push((await trainer.trainOnBatch(x, y)).loss as number);
  }

  trainer.resetStates();
  const first = data.slice([null, [0, 1]]); // one reading of each tank
  const steps: NdArray[] = [];
  for (let step = first; steps.length < 8; ) {
    step = await trainer.predict(step);
    steps.push(step);
  }
  const forecast = concat(steps, 1);
  trainer.dispose();
  network.dispose();
  return { inputShape: first.shape, outputShape: forecast.shape, losses, forecast };
}
