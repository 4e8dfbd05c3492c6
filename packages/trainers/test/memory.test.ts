import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Batch, ndarray } from '@cellstate/core';
import { dense, lstm, sequential } from '@cellstate/layers';
import { asymmetric } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import { adam, createTrainer, type TrainableModel } from '../src/index.ts';
import { leakyModel, linearModel } from './hand-written-models.ts';

const x = ndarray(asymmetric([6, 2, 1]), [6, 2, 1]);
const y = ndarray(asymmetric([6, 1], 0.4), [6, 1]);

/** A model whose loss runs forward but throws on the way back. */
function failing(model: TrainableModel): TrainableModel {
  const broken = tf.customGrad((value) => ({
    value: tf.clone(value as tf.Tensor),
    gradFunc: () => {
      throw new Error('no way back');
    },
  }));
  return {
    ...model,
    call(inputs, options) {
      const result = model.call(inputs, options);
      return { ...result, outputs: broken(result.outputs as tf.Tensor) };
    },
  };
}

describe('tensors', () => {
  test('a stateless trainer holds none between calls', async () => {
    const model = linearModel({ kernel: [[0.5]] });
    const trainer = createTrainer(model, { optimizer: adam(), loss: 'mse', metrics: ['mae', 'r2'], weightedMetrics: ['mae'] });
    const flat = { x: x.reshape([12, 1]), y: ndarray(asymmetric([12], 0.4)), sampleWeight: ndarray(asymmetric([12], 3)) };
    await expectNoLeak(() => trainer.fit(flat, { epochs: 3, batchSize: 5, validationSplit: 0.25 }));
    await expectNoLeak(() => trainer.fit(flat, { epochs: 1, callbacks: [{ onBatchEnd() {} }] }));
    await expectNoLeak(() => trainer.evaluate(flat, { batchSize: 5 }));
    await expectNoLeak(() => trainer.predict(flat.x, { batchSize: 5 }));
    await expectNoLeak(() => trainer.trainOnBatch(flat.x, flat.y));
    model.dispose();
  });

  test('a stateful trainer holds its carried states until dispose', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    const before = tf.memory().numTensors;
    const count = () => tf.memory().numTensors - before;
    await trainer.fit({ x, y }, { epochs: 2, batchSize: 3, validationData: { x, y } });
    expect(count()).toBe(1);
    await trainer.predict(x);
    expect(count()).toBe(2);
    expectNoLeak(() => void trainer.states);
    expectNoLeak(() => trainer.resetStates({ lanes: [1] }));
    trainer.resetStates();
    expect(count()).toBe(0);
    await trainer.trainOnBatch(x, y);
    trainer.dispose();
    expect(count()).toBe(0);
    model.dispose();
  });

  test('a thousand stateful batches leave no more than one', async () => {
    const model = sequential([lstm({ units: 2, stateful: true, batchInputShape: [2, 2, 1] }), dense({ units: 1 })]);
    const trainer = createTrainer(model, { optimizer: adam(), loss: 'mse' });
    const batch: Batch = { x: x.slice([[0, 2]]), y: y.slice([[0, 2]]) };
    await trainer.trainOnBatch(batch);
    await expectNoLeak(() =>
      trainer.fit(
        (function* () {
          for (let i = 0; i < 1000; i++)
            yield i % 7 === 0 ? { ...batch, starts: Uint8Array.of(0, 1), lengths: Int32Array.of(1, 2) } : batch;
        })(),
      ),
    );
    trainer.dispose();
    model.dispose();
  });

  test('an error during back-propagation leaves tensors, weights, steps and state as they were', async () => {
    const model = leakyModel();
    const good = createTrainer(model, { loss: 'mse', metrics: ['mae'] });
    let bad = false;
    const broken = failing(model);
    const trainer = createTrainer({ ...model, call: (...args) => (bad ? broken : model).call(...args) }, { loss: 'mse', metrics: ['mae'] });
    await trainer.trainOnBatch(x, y);
    const weights = () => model.parameters.map(({ variable }) => [...variable.dataSync()]);
    const before = { weights: weights(), states: trainer.states.training['leaky#0'][0].toNested() };
    bad = true;
    await expectNoLeak(async () => {
      await expect(trainer.trainOnBatch(x, y)).rejects.toThrow('no way back');
      await expect(trainer.trainOnBatch({ x, y, starts: Uint8Array.of(1, 0, 0, 1, 0, 0) })).rejects.toThrow('no way back');
    });
    expect(weights()).toEqual(before.weights);
    expect(trainer.states.training['leaky#0'][0].toNested()).toEqual(before.states);
    expect(trainer.steps).toBe(1);
    bad = false;
    await trainer.trainOnBatch(x, y);
    expect(trainer.steps).toBe(2);
    for (const each of [trainer, good]) each.dispose();
    model.dispose();
  });

  test('an error in fit closes the source and tells the callbacks', async () => {
    const model = linearModel({ kernel: [[0.5]] });
    const trainer = createTrainer(failing(model), { loss: 'mse' });
    const seen: unknown[] = [];
    async function* batches() {
      try {
        for (;;) yield { x: ndarray([[1]]), y: ndarray([[1]]) };
      } finally {
        seen.push('closed');
      }
    }
    await expectNoLeak(async () => {
      await expect(trainer.fit(batches(), { callbacks: [{ onTrainError: (error) => void seen.push(error) }] })).rejects.toThrow(
        'no way back',
      );
    });
    expect(seen).toEqual(['closed', new Error('no way back')]);
    model.dispose();
  });

  test('an error in a loss, a metric or a model', async () => {
    const model = leakyModel();
    const fails = () => {
      throw new Error('on purpose');
    };
    for (const trainer of [
      createTrainer(model, { loss: fails }),
      createTrainer(model, { loss: 'mse', metrics: [fails] }),
      createTrainer({ ...model, call: fails }, { loss: 'mse' }),
    ]) {
      await expectNoLeak(async () => {
        await expect(trainer.trainOnBatch(x, y)).rejects.toThrow('on purpose');
        await expect(trainer.evaluate({ x, y })).rejects.toThrow('on purpose');
      });
    }
    await expectNoLeak(async () => {
      await expect(createTrainer({ ...model, call: fails }, {}).predict(x)).rejects.toThrow('on purpose');
    });
    model.dispose();
  });
});

test('a model that returns its input or a parameter keeps it', async () => {
  const value = tf.variable(tf.tensor2d([[1], [2]]));
  const constant: TrainableModel = {
    parameters: [{ path: 'value', variable: value, trainable: true }],
    initialState: () => ({}),
    call: () => ({ outputs: value, state: {}, masks: [null], penalties: [], updates: [] }),
  };
  const trainer = createTrainer(constant, { optimizer: 'sgd', loss: 'mse', metrics: ['mae'] });
  await trainer.trainOnBatch([[0], [0]], [[0], [0]]);
  expect((await trainer.predict([[0], [0]])).shape).toEqual([2, 1]);
  expect(value.isDisposed).toBe(false);
  const echo = createTrainer({ ...constant, call: (inputs) => ({ ...constant.call(inputs), outputs: inputs }) });
  const given = tf.tensor2d([[3], [4]]);
  const echoed = await echo.predict(given);
  expect(echoed.toNested()).toEqual([[3], [4]]);
  expect(given.isDisposed).toBe(false);
  tf.dispose([value, given]);
});

test('ten million rows through lanes into fit keep memory within 50 MB', async () => {
  const script = fileURLToPath(new URL('../reports/ten-million-rows.mjs', import.meta.url));
  await build({
    entryPoints: [fileURLToPath(new URL('memory/ten-million-rows.ts', import.meta.url))],
    outfile: script,
    bundle: true,
    format: 'esm',
    platform: 'node',
    conditions: ['@cellstate/source'],
    external: ['@tensorflow/*', 'cli-progress'],
  });
  // V8's young generation grows to 32 MB under any load; at 4 MB, what is left is what the training holds.
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-semi-space-size=2', script]);
  const { rows, steps, batches, growth, loss } = JSON.parse(stdout);
  expect(batches).toBe(Math.ceil((rows - 1) / steps));
  expect(loss).toBeLessThan(0.1);
  expect(growth).toBeLessThan(50e6);
}, 600_000);
