import { useBackend } from '@cellstate/backends';
import { lanes } from '@cellstate/windowing';
import * as tf from '@tensorflow/tfjs-core';
import { CHUNK, forecaster } from './dist/tank/forecast-seed.js';
import { simulatedData } from './dist/tank/tank-data.js';
import { trainModel } from './dist/tank/training.js';

tf.env().set('PROD', true);
const data = simulatedData(7);
await useBackend('cpu', { simd: process.argv[2] !== 'plain' });
for (let i = 0; i < 4; i++) {
  const model = forecaster({ units: [32], features: data.features.length, seed: 7 });
  const train = data.scaled.map((s) => s.rows(0, data.trainSteps));
  const batches = lanes(train, { lanes: train.length, steps: CHUNK, targets: 'next' });
  const s = performance.now();
  const { trainer } = await trainModel(model, batches, { epochs: 40, updates: batches.count, learningRate: 0.01, seed: 7 });
  console.log(((performance.now() - s) / 40 / 25).toFixed(3), 'ms/step');
  trainer.dispose();
  model.dispose();
}
