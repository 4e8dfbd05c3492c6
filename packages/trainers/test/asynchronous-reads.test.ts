import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adam, createTrainer, earlyStopping } from '../src/index.ts';
import { leakyModel } from './hand-written-models.ts';

// The cpu backend under the name of one that cannot be read at once, and refusing it.
const NAME = 'webgpu';

beforeAll(() => {
  for (const kernel of tf.getKernelsForBackend('cpu')) tf.registerKernel({ ...kernel, backendName: NAME });
  tf.registerBackend(NAME, () => new MathBackendCPU());
});

afterAll(async () => {
  await tf.setBackend('cpu');
  for (const kernel of tf.getKernelsForBackend(NAME)) tf.unregisterKernel(kernel.kernelName, NAME);
  tf.removeBackend(NAME);
});

async function train(backend: string) {
  await tf.setBackend(backend);
  const before = tf.memory().numTensors;
  const model = leakyModel({ keep: 0.4, gain: 0.7, sequences: true });
  const trainer = createTrainer(model, { optimizer: adam({ learningRate: 0.05 }), loss: 'mse', metrics: ['mae', 'r2'] });
  const x = [
    [[1], [2]],
    [[3], [-1]],
    [[0], [2]],
    [[1], [1]],
  ];
  const y = [
    [[1], [2]],
    [[2], [0]],
    [[1], [1]],
    [[0], [2]],
  ];
  const { history } = await trainer.fit(
    { x, y },
    { epochs: 3, batchSize: 2, validationData: { x, y }, callbacks: [earlyStopping({ restoreBestWeights: true, patience: 5 })] },
  );
  const logs = await trainer.evaluate({ x, y });
  const given = tf.tensor3d(x);
  const predicted = (await trainer.predict(given)).toNested();
  given.dispose();
  trainer.dispose();
  const weights = await Promise.all(model.parameters.map(({ variable }) => variable.data()));
  model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  return { history, logs, predicted, weights };
}

test('a backend that only reads asynchronously gives the same bits', async () => {
  const atOnce = await train('cpu');
  const { read, readSync } = MathBackendCPU.prototype;
  MathBackendCPU.prototype.readSync = () => {
    throw new Error('This backend cannot read at once.');
  };
  MathBackendCPU.prototype.read = async function (dataId) {
    return readSync.call(this, dataId);
  };
  const later = await train(NAME);
  Object.assign(MathBackendCPU.prototype, { read, readSync });
  expect(later).toEqual(atOnce);
});
