import { useBackend } from '@cellstate/backends';
import { lanes } from '@cellstate/windowing';
import * as tf from '@tensorflow/tfjs-core';
import { CHUNK, forecaster } from './dist/tank/forecast-seed.js';
import { simulatedData } from './dist/tank/tank-data.js';
import { trainModel } from './dist/tank/training.js';

tf.env().set('PROD', true);
const data = simulatedData(7);
const best = {};
for (const units of [[32]])
  for (let r = 0; r < 8; r++) {
    const t = {};
    for (const simd of [true, false]) {
      await useBackend('cpu', { simd });
      const model = forecaster({ units, features: data.features.length, seed: 7 });
      const train = data.scaled.map((s) => s.rows(0, data.trainSteps));
      const batches = lanes(train, { lanes: train.length, steps: CHUNK, targets: 'next' });
      const s = performance.now();
      const { trainer } = await trainModel(model, batches, { epochs: 8, updates: batches.count, learningRate: 0.01, seed: 7 });
      t[simd] = performance.now() - s;
      trainer.dispose();
      model.dispose();
      if (r === 0 && simd) console.log('lanes', train.length, 'count', batches.count, 'features', data.features.length);
    }
    best.s = Math.min(best.s ?? 1e9, t.true);
    best.p = Math.min(best.p ?? 1e9, t.false);
    console.log(
      (t.true / 200).toFixed(3),
      (t.false / 200).toFixed(3),
      (t.false / t.true).toFixed(2),
      'best',
      (best.s / 200).toFixed(3),
      (best.p / best.s).toFixed(2),
    );
  }
