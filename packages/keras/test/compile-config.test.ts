import { readFileSync } from 'node:fs';
import path from 'node:path';
import { dense, sequential } from '@cellstate/layers';
import { createTrainer } from '@cellstate/trainers';
import { describe, expect, test } from 'vitest';
import { type CompileConfig, loadModel, saveModel } from '../src/index.ts';
import { reconfigured } from './keras-archive.ts';

const model = () => sequential([dense({ units: 1, kernelInitializer: 'ones', inputShape: [2] })]);
const data = {
  x: [
    [1, 2],
    [3, -1],
    [0, 2],
  ],
  y: [[1], [2], [9]],
};

/** What comes back from a file whose compile settings are these. */
async function read(compile: object): Promise<CompileConfig | null> {
  const file = reconfigured(await saveModel(model()), (config) => Object.assign(config, { compile_config: compile }));
  return (await loadModel(file)).compileConfig;
}

describe('compile settings', () => {
  test('of a file train the model as Keras would go on', async () => {
    const bytes = readFileSync(path.join(import.meta.dirname, 'fixtures/keras-3.15.1/row.keras'));
    const loaded = await loadModel(bytes);
    expect(loaded.compileConfig).toMatchObject({
      optimizer: { name: 'rmsprop', learningRate: expect.closeTo(0.001, 8), rho: 0.9 },
      loss: 'mae',
    });
    const trainer = createTrainer(loaded, loaded.compileConfig ?? {});
    const x = [
      [
        [1, 2],
        [0, 1],
        [2, 2],
        [1, 0],
      ],
    ];
    const before = (await trainer.evaluate({ x, y: [[5]] })).loss;
    await trainer.fit({ x, y: [[5]] }, { epochs: 5, verbose: 0 });
    expect((await trainer.evaluate({ x, y: [[5]] })).loss).toBeLessThan(before as number);
  });

  test('go through our file and back', async () => {
    const compileConfig: CompileConfig = {
      optimizer: {
        name: 'adamW',
        learningRate: { name: 'exponentialDecay', initialLearningRate: 0.1, decaySteps: 5, decayRate: 0.5 },
        beta1: 0.8,
      },
      loss: { name: 'huber', delta: 0.5 },
      metrics: ['mae', { name: 'rootMeanSquaredError' }],
      lossWeights: [2],
    };
    const loaded = await loadModel(await saveModel(model(), undefined, { compileConfig }));
    expect(loaded.compileConfig).toEqual(compileConfig);
    await expect(createTrainer(loaded, loaded.compileConfig ?? {}).fit(data, { epochs: 1, verbose: 0 })).resolves.toBeDefined();
    expect((await loadModel(await saveModel(loaded, undefined, { compileConfig: null }))).compileConfig).toBeNull();
  });

  test('of Keras 2 mean the same here', async () => {
    const optimizer = { class_name: 'SGD', config: { name: 'SGD', lr: 0.1, decay: 0.01, momentum: 0.5, nesterov: false } };
    expect(
      await read({
        optimizer,
        loss: 'mse',
        metrics: [{ class_name: 'MeanMetricWrapper', config: { name: 'mae', dtype: 'float32', fn: 'mean_absolute_error' } }],
      }),
    ).toEqual({
      optimizer: {
        name: 'sgd',
        learningRate: { name: 'inverseTimeDecay', initialLearningRate: 0.1, decaySteps: 1, decayRate: 0.01 },
        momentum: 0.5,
        nesterov: false,
      },
      loss: 'mse',
      metrics: ['mean_absolute_error'],
    });
  });

  test.each([
    [{ optimizer: { class_name: 'Adam', config: { use_ema: true } } }, 'UNSUPPORTED_OPTION'],
    [{ optimizer: 'adam', sampler: 1 }, 'UNSUPPORTED_OPTION'],
    [{ loss: { module: 'shop', class_name: 'function', config: 'mine', registered_name: 'mine' } }, 'UNSUPPORTED_OBJECT'],
    [{ loss: { class_name: '__lambda__', config: {} } }, 'PYTHON_CODE'],
    [{ loss: 5 }, 'INVALID_CONFIG'],
  ])('that trainers lack throw: %j', async (compile, code) => {
    await expect(read(compile)).rejects.toMatchObject({ code });
    const file = reconfigured(await saveModel(model()), (config) => Object.assign(config, { compile_config: compile }));
    expect((await loadModel(file, { compile: false })).compileConfig).toBeNull();
  });

  test('that are no plain data cannot be written', async () => {
    const compileConfig = { optimizer: 'adam', loss: { name: 'mine', values: () => 0 } } as CompileConfig;
    await expect(saveModel(model(), undefined, { compileConfig })).rejects.toMatchObject({ code: 'NOT_SERIALIZABLE' });
  });
});
