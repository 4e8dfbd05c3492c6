import { input, lstm, model, repeatVector } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { tanks, weightsFor } from './given.ts';
import type { PatternRun } from './pattern.ts';

/** One to many by repetition: one reading goes in, repeated for every step, and a sequence comes out. */
export async function run(): Promise<PatternRun> {
  const data = tanks(4, 9);
  const x = data.slice([null, [0, 1]]).reshape([4, 2]); // [tanks, features]
  const y = data.slice([null, [1]]); // [tanks, steps, features]
  const [, steps, features] = y.shape as [number, number, number];

  const inputs = input({ shape: [features] });
  let outputs = repeatVector({ n: steps }).apply(inputs);
  outputs = lstm({ units: 5, returnSequences: true }).apply(outputs);
  outputs = lstm({ units: features, returnSequences: true }).apply(outputs); // units = features: no dense layer
  const network = model({ inputs, outputs });
  network.setWeights(weightsFor(network));
  const trainer = createTrainer(network, { loss: 'mse', optimizer: 'adam' });
  const { history } = await trainer.fit({ x, y }, { epochs: 3, batchSize: 4, shuffle: false, verbose: 0 });
  const forecast = await network.predict(x);
  trainer.dispose();
  network.dispose();
  return { inputShape: x.shape, outputShape: forecast.shape, losses: history.loss ?? [], forecast };
}
