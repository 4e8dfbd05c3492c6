import { input, lstm, model, repeatVector } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { tanks, weightsFor } from './given.ts';
import type { PatternRun } from './pattern.ts';

/** Encoder, decoder, autoencoder: a sequence becomes a few numbers and a sequence again, trained to give what it got. */
export async function run(): Promise<PatternRun> {
  const data = tanks(5, 8);
  const [, steps, features] = data.shape as [number, number, number];

  const inputs = input({ shape: [steps, features] });
  const encoder = model({ inputs, outputs: lstm({ units: 3 }).apply(inputs) });

  const code = input({ shape: [3] });
  let outputs = repeatVector({ n: steps }).apply(code);
  outputs = lstm({ units: 4, returnSequences: true }).apply(outputs);
  outputs = lstm({ units: features, returnSequences: true }).apply(outputs);
  const decoder = model({ inputs: code, outputs });

  const autoencoder = model({ inputs, outputs: decoder.apply(encoder.apply(inputs)) });
  encoder.setWeights(weightsFor(encoder));
  decoder.setWeights(weightsFor(decoder));
  const trainer = createTrainer(autoencoder, { loss: 'mse', optimizer: 'adam' });
  const { history } = await trainer.fit({ x: data, y: data }, { epochs: 3, batchSize: 5, shuffle: false, verbose: 0 });
  const forecast = await decoder.predict(await encoder.predict(data));
  trainer.dispose();
  for (const network of [encoder, decoder, autoencoder]) network.dispose();
  return { inputShape: data.shape, outputShape: forecast.shape, losses: history.loss ?? [], forecast };
}
