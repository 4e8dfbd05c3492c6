import { ndarray } from '@cellstate/core';
import { dense, embedding, model as functional, input, l2, lstm, maxNorm, sequential } from '@cellstate/layers';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTrainer, type Parameter, sgd, type TrainableModel, type TrainerOptions } from '../src/index.ts';
import { linearModel } from './hand-written-models.ts';

const still = sgd({ learningRate: 1e-30 });

/** Two outputs, `3 · x` and `−x`, as a list or a record, from one input `x` or the sum of two. */
function twoOutputs(shape: 'list' | 'record'): TrainableModel & { dispose(): void } {
  const factor = tf.variable(tf.tensor1d([3]));
  return {
    parameters: [{ path: 'factor', variable: factor, trainable: true }],
    initialState: () => ({}),
    call(inputs) {
      const x = inputs instanceof tf.Tensor ? inputs : tf.addN(Object.values(inputs) as tf.Tensor[]);
      const [up, down] = [tf.mul(x, factor), tf.neg(x)];
      return { outputs: shape === 'list' ? [up, down] : { up, down }, state: {}, masks: [null, null], penalties: [], updates: [] };
    },
    dispose: () => factor.dispose(),
  };
}

const x = [[1], [2]];
const zeros = [[0], [0]];

afterEach(() => {
  vi.restoreAllMocks();
});

async function logsOf(model: ReturnType<typeof twoOutputs>, y: object, options: TrainerOptions) {
  const trainer = createTrainer(model, { optimizer: still, ...options });
  const logs = await expectNoLeak(() => trainer.evaluate({ x, y: y as never }));
  expectClose(Object.values(await trainer.trainOnBatch(x, y as never)), Object.values(logs));
  model.dispose();
  return logs;
}

describe('several outputs', () => {
  test('by name: losses, weights, metrics and targets', async () => {
    const logs = await logsOf(
      twoOutputs('record'),
      { down: zeros, up: zeros },
      {
        loss: { up: 'mse', down: 'mae' },
        lossWeights: { down: 10 },
        metrics: { up: 'mae', down: ['mse', 'mae'] },
      },
    );
    expect(logs).toEqual({ down_loss: 1.5, down_mae: 1.5, down_mse: 2.5, loss: 22.5 + 15, up_loss: 22.5, up_mae: 4.5 });
    expect(Object.keys(logs)).toEqual(['down_loss', 'down_mae', 'down_mse', 'loss', 'up_loss', 'up_mae']);
  });

  test('in order; one loss serves all', async () => {
    const logs = await logsOf(twoOutputs('list'), [ndarray(zeros), ndarray(zeros)], {
      loss: 'mae',
      lossWeights: [1, 2],
      metrics: [['mse'], []],
    });
    expect(logs).toEqual({ loss: 7.5, output_0_loss: 4.5, output_0_mse: 22.5, output_1_loss: 1.5 });
  });

  test('an output without a loss needs no target', async () => {
    const logs = await logsOf(twoOutputs('record'), { up: zeros }, { loss: { up: 'mae' } });
    expect(logs).toEqual({ loss: 4.5, up_loss: 4.5 });
  });

  test('predict gives the structure of the model', async () => {
    const list = twoOutputs('list');
    const [up, down] = (await createTrainer(list).predict<[]>(x, { batchSize: 1 })) as never as [
      ReturnType<typeof ndarray>,
      ReturnType<typeof ndarray>,
    ];
    expect([up.toNested(), down.toNested()]).toEqual([
      [[3], [6]],
      [[-1], [-2]],
    ]);
    const record = twoOutputs('record');
    const named = await createTrainer(record).predict<Record<string, ReturnType<typeof ndarray>>>(x);
    expect(named.down.toNested()).toEqual([[-1], [-2]]);
    list.dispose();
    record.dispose();
  });

  test('what does not fit the outputs', async () => {
    const trainer = (options: TrainerOptions) => createTrainer(twoOutputs('record'), options);
    await expect(trainer({ loss: 'mse' }).trainOnBatch(x, { up: zeros, sideways: zeros })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no 'sideways'. [UNKNOWN_NAME]
        expected: up, down
        received: sideways
        where: y]
    `);
    await expect(trainer({ loss: 'mse' }).trainOnBatch(x, { up: zeros })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no target for the output 'down'. [NO_TARGET]
        expected: y
        received: none
        where: down
        hint: An autoencoder is trained with y equal to x.]
    `);
    await expect(trainer({ loss: 'mse' }).trainOnBatch(x, zeros)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The entries do not match the names they are for. [WRONG_COUNT]
        expected: 2 (up, down)
        received: 1
        where: y]
    `);
    await expect(trainer({ loss: 'mse', metrics: ['mae'] }).trainOnBatch(x, { up: zeros, down: zeros })).rejects.toThrowError(
      expect.objectContaining({ code: 'WRONG_COUNT' }),
    );
    await expect(trainer({ loss: { up: 'mse' }, metrics: { down: 'mae' } }).trainOnBatch(x, { up: zeros })).rejects.toThrowError(
      expect.objectContaining({ code: 'NO_TARGET' }),
    );
  });
});

describe('several inputs', () => {
  test('reach a hand-written model as they are', async () => {
    const model = twoOutputs('list');
    const trainer = createTrainer(model, { loss: 'mae', optimizer: still });
    const named = await trainer.evaluate({ x: { a: ndarray(x), b: ndarray(x) }, y: [ndarray(zeros), ndarray(zeros)] });
    expect(named.loss).toBe(12);
    expect((await trainer.evaluate({ x: [ndarray(x), ndarray(x)], y: [ndarray(zeros), ndarray(zeros)] })).loss).toBe(12);
    model.dispose();
  });

  test('go by order or by name to a model that names them, in the type it wants', async () => {
    const tokens = input({ shape: [null], dtype: 'int32', name: 'tokens' });
    const level = input({ shape: [1], name: 'level' });
    const encoded = lstm({ units: 2 }).apply(embedding({ inputDim: 5, outputDim: 2 }).apply(tokens));
    const model = functional({
      inputs: [tokens, level],
      outputs: [dense({ units: 1, name: 'next' }).apply(encoded), dense({ units: 1, name: 'level_out' }).apply(level)],
    });
    const trainer = createTrainer(model, { loss: 'mse' });
    const a = [
      [1, 2, 3],
      [4, 0, 1],
    ];
    const y = [zeros, zeros];
    const byOrder = await trainer.evaluate({ x: [a, x], y });
    expect(await trainer.evaluate({ x: { level: x, tokens: a }, y })).toEqual(byOrder);
    expect(await trainer.evaluate({ x: [ndarray(Int32Array.of(1, 2, 3, 4, 0, 1), [2, 3]), ndarray(x)], y })).toEqual(byOrder);
    // A last axis of one may be missing, as in Keras.
    expect(await trainer.evaluate({ x: [a, [1, 2]], y })).toEqual(byOrder);
    await trainer.trainOnBatch([a, x], y);
    await expect(trainer.predict({ level: ndarray(x) })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The input 'tokens' is missing. [INPUT_MISSING]
        expected: tokens, level
        received: none
        where: x]
    `);
    await expect(trainer.predict({ level: ndarray(x), words: ndarray(a) })).rejects.toThrowError(
      expect.objectContaining({ code: 'UNKNOWN_NAME' }),
    );
    await expect(trainer.predict(ndarray(a))).rejects.toThrowError(expect.objectContaining({ code: 'WRONG_COUNT' }));
    model.dispose();
  });
});

describe('parameters', () => {
  test('penalties of the pass and of trainable weights are part of the loss', async () => {
    const model = linearModel({ kernel: [[2]], bias: [3] });
    const [kernel, bias] = model.parameters;
    const squares: Parameter['regularizer'] = (value) => tf.sum(tf.square(value));
    const penalised: TrainableModel = {
      ...model,
      parameters: [
        { ...kernel, regularizer: squares },
        { ...bias, trainable: false, regularizer: squares },
      ],
      call: (...args) => ({ ...model.call(...args), penalties: [tf.scalar(0.5), tf.scalar(0.25)] }),
    };
    const trainer = createTrainer(penalised, { optimizer: sgd({ learningRate: 0.5 }), loss: 'mae', metrics: ['mae'] });
    expect(await trainer.evaluate({ x: [[1]], y: [[5]] })).toEqual({ loss: 4.75, mae: 0 });
    expect(await trainer.trainOnBatch([[1]], [[7]])).toEqual({ loss: 6.75, mae: 2 });
    // d/dkernel = −1 + 2 · 2; the bias is frozen.
    expectClose(kernel.variable, [[0.5]]);
    expectClose(bias.variable, [3]);
    model.dispose();
  });

  test('constraints come after each step, updates are assigned', async () => {
    const model = linearModel({ kernel: [[1]], bias: [0] });
    const mean = tf.tidy(() => tf.variable(tf.scalar(1), false));
    const [kernel, bias] = model.parameters;
    const constrained: TrainableModel = {
      ...model,
      parameters: [
        { ...kernel, constraint: (value) => tf.clipByValue(value, 0, 1) },
        bias,
        { path: 'mean', variable: mean, trainable: false },
      ],
      call(inputs, options) {
        const result = model.call(inputs, options);
        return options?.training ? { ...result, updates: [{ variable: mean, value: tf.mul(mean, 2) }] } : result;
      },
    };
    const trainer = createTrainer(constrained, { optimizer: sgd({ learningRate: 1 }), loss: 'mae' });
    await expectNoLeak(() => trainer.trainOnBatch([[1]], [[-5]]));
    expectClose(kernel.variable, [[0]]);
    await expectNoLeak(() => trainer.fit({ x: [[1]], y: [[9]] }, { epochs: 3 }));
    expectClose(kernel.variable, [[1]]);
    await trainer.evaluate({ x: [[1]], y: [[9]] });
    expectClose(mean, 16);
    mean.dispose();
    model.dispose();
  });

  test('one without a gradient is skipped and warned of once', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const model = linearModel();
    const unused = tf.variable(tf.scalar(4));
    const trainer = createTrainer(
      { ...model, parameters: [...model.parameters, { path: 'unused', variable: unused, trainable: true }] },
      { loss: 'mse' },
    );
    await trainer.fit({ x: [[1, 2]], y: [1] }, { epochs: 3 });
    expect(warn.mock.calls).toEqual([["cellstate: The loss does not depend on 'unused', which stays as it is."]]);
    expectClose(unused, 4);
    unused.dispose();
    model.dispose();
  });

  test('regularizers and constraints of layers', async () => {
    const model = sequential([
      dense({
        units: 1,
        inputShape: [2],
        kernelRegularizer: l2({ l2: 0.1 }),
        kernelConstraint: maxNorm({ maxValue: 0.5 }),
        useBias: false,
      }),
    ]);
    model.setWeights([ndarray([[3], [4]])]);
    const trainer = createTrainer(model, { optimizer: still, loss: 'mse' });
    expectClose((await trainer.trainOnBatch([[0, 0]], [[0]])).loss, 2.5);
    expectClose(model.getWeights()[0], [[0.3], [0.4]], { absolute: 1e-6 });
    model.dispose();
  });
});
