import { dense, lstm, sequential } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { createDataset, series } from '@cellstate/windowing';
import { wave, weightsFor } from './given.ts';
import type { PatternRun } from './pattern.ts';

/** Many to one, stateful, one window at a time: the loop of the well-known stock price tutorial. */
export async function run(): Promise<PatternRun> {
  const lookBack = 3;
  const prices = series(Array.from(wave([24], 0.2, 0.55).data, (value) => 0.5 + value));
  const dataset = createDataset(prices, { lookBack });
  const x = dataset.x.reshape([-1, lookBack, 1]); // [samples, time steps, features]
  const y = dataset.y;

  const model = sequential([lstm({ units: 4, stateful: true, batchInputShape: [1, lookBack, 1] }), dense({ units: 1 })]);
  model.setWeights(weightsFor(model));
  const trainer = createTrainer(model, { loss: 'meanSquaredError', optimizer: 'adam' });
  const losses: number[] = [];
  for (let epoch = 0; epoch < 3; epoch++) {
    const { history } = await trainer.fit({ x, y }, { epochs: 1, batchSize: 1, shuffle: false, verbose: 0 });
    losses.push(...(history.loss ?? []));
    trainer.resetStates();
  }
  const forecast = await trainer.predict(x);
  trainer.dispose();
  model.dispose();
  return { inputShape: x.shape, outputShape: forecast.shape, losses, forecast };
}
