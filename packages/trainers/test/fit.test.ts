import { type Batch, ndarray } from '@cellstate/core';
import { dense, dropout, lstm, sequential } from '@cellstate/layers';
import { asymmetric, expectClose } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { adam, createTrainer, type FitOptions, type Logs, sgd, type TrainableModel, type TrainerOptions } from '../src/index.ts';
import { linearModel } from './hand-written-models.ts';

const still = sgd({ learningRate: 1e-30 });

/** y = x, so that losses can be read off the targets. */
const echo = (rest: Partial<TrainableModel> = {}) => linearModel({ kernel: [[1]], bias: [0], ...rest });
const column = (...values: number[]) => values.map((value) => [value]);

afterEach(() => {
  vi.restoreAllMocks();
});

describe('epochs', () => {
  test('losses are weighted by rows, metrics are those of all samples; keys are sorted', async () => {
    const model = echo();
    const trainer = createTrainer(model, { optimizer: still, loss: 'mse', metrics: ['rmse', 'mae'] });
    const running: Logs[] = [];
    const { history, epoch } = await trainer.fit(
      { x: column(0, 0, 0, 0, 0), y: [1, 2, 3, 4, 5] },
      { epochs: 2, batchSize: 2, shuffle: false, callbacks: [{ onBatchEnd: (_batch, logs) => void running.push(logs) }] },
    );
    expect(epoch).toEqual([0, 1]);
    expect(history).toEqual({ loss: [11, 11], mae: [3, 3], rmse: [Math.sqrt(11), Math.sqrt(11)] });
    expect(Object.keys(history)).toEqual(['loss', 'mae', 'rmse']);
    expect(running.slice(0, 3)).toEqual([
      { loss: 2.5, mae: 1.5, rmse: Math.sqrt(2.5) },
      { loss: 7.5, mae: 2.5, rmse: Math.sqrt(7.5) },
      { loss: 11, mae: 3, rmse: Math.sqrt(11) },
    ]);
    expect(trainer.history).toEqual({ epoch, history });
    model.dispose();
  });

  test('count from initialEpoch up to epochs', async () => {
    const model = echo();
    const trainer = createTrainer(model, { loss: 'mse' });
    expect((await trainer.fit({ x: column(1), y: [1] }, { initialEpoch: 3, epochs: 5 })).epoch).toEqual([3, 4]);
    expect((await trainer.fit({ x: column(1), y: [1] }, { initialEpoch: 5, epochs: 5 })).epoch).toEqual([]);
    expect(trainer.steps).toBe(2);
    model.dispose();
  });

  test('trainOnBatch gives the values of its own batch', async () => {
    const model = echo();
    const trainer = createTrainer(model, { optimizer: still, loss: 'mse', metrics: ['mae'] });
    expect(await trainer.trainOnBatch(column(0), [[2]])).toEqual({ loss: 4, mae: 2 });
    expect(await trainer.trainOnBatch({ x: column(0), y: [[3]] })).toEqual({ loss: 9, mae: 3 });
    model.dispose();
  });
});

describe('validation', () => {
  const x = column(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
  const y = [1, 1, 1, 1, 1, 1, 1, 2, 3, 4];

  test('validationSplit takes the tail before any shuffling', async () => {
    const model = echo();
    const trainer = createTrainer(model, { optimizer: still, loss: 'mae' });
    const { history } = await trainer.fit({ x, y }, { epochs: 2, validationSplit: 0.25, batchSize: 2 });
    // ⌊10 · 0.75⌋ = 7 rows stay.
    expect(history).toEqual({ loss: [1, 1], val_loss: [3, 3] });
    model.dispose();
  });

  test('a split of 0 is none', async () => {
    const model = echo();
    const { history } = await createTrainer(model, { optimizer: still, loss: 'mae' }).fit({ x, y }, { validationSplit: 0 });
    expect(Object.keys(history)).toEqual(['loss']);
    model.dispose();
  });

  test.each([
    ['samples', { x: column(0), y: [7] }],
    ['batches', [{ x: ndarray(column(0)), y: ndarray([7]) }]],
    ['a function', () => [{ x: ndarray(column(0)), y: ndarray([7]) }]],
  ])('validationData as %s', async (_name, validationData) => {
    const model = echo();
    const trainer = createTrainer(model, { optimizer: still, loss: 'mae', metrics: ['mse'] });
    const { history } = await trainer.fit({ x, y }, { epochs: 2, validationData, batchSize: 10 });
    expect(history).toEqual({
      loss: [1.6, 1.6].map(Math.fround),
      mse: [3.6, 3.6].map((value) => expect.closeTo(value, 6)),
      val_loss: [7, 7],
      val_mse: [49, 49],
    });
    model.dispose();
  });

  test.each([
    [2, [1, 3]],
    [
      [1, 4],
      [0, 3],
    ],
  ])('validationFreq %o', async (validationFreq, expected) => {
    const model = echo();
    const seen: number[] = [];
    const callbacks = [{ onEpochEnd: (epoch: number, logs: Logs) => void (logs.val_loss !== undefined && seen.push(epoch)) }];
    await createTrainer(model, { loss: 'mae' }).fit({ x, y }, { epochs: 4, validationSplit: 0.5, validationFreq, callbacks });
    expect(seen).toEqual(expected);
    model.dispose();
  });
});

describe('sources', () => {
  const batches = (): Batch[] => [1, 2, 3].map((value) => ({ x: ndarray([[0]]), y: ndarray([[value]]) }));
  const lossesOver = async (data: Parameters<ReturnType<typeof createTrainer>['fit']>[0], options: FitOptions = { epochs: 2 }) => {
    const model = echo();
    const { history } = await createTrainer(model, { optimizer: still, loss: 'mae' }).fit(data, options);
    model.dispose();
    return history.loss;
  };

  test('a list, a function, and iterables, also async', async () => {
    expect(await lossesOver(batches())).toEqual([2, 2]);
    expect(await lossesOver(() => batches())).toEqual([2, 2]);
    expect(await lossesOver(async () => batches())).toEqual([2, 2]);
    expect(
      await lossesOver(async function* () {
        yield* batches();
      }),
    ).toEqual([2, 2]);
    expect(await lossesOver(batches().values(), {})).toEqual([2]);
  });

  test('a function is told the epoch', async () => {
    expect(await lossesOver((epoch) => batches().slice(0, epoch + 1), { epochs: 3 })).toEqual([1, 1.5, 2]);
  });

  test('batches are pulled one at a time', async () => {
    const events: string[] = [];
    function* source() {
      for (const [i, batch] of batches().entries()) {
        events.push(`pull ${i}`);
        yield batch;
      }
    }
    await lossesOver(source(), { callbacks: [{ onBatchEnd: (i) => void events.push(`step ${i}`) }] });
    expect(events).toEqual(['pull 0', 'step 0', 'pull 1', 'step 1', 'pull 2', 'step 2']);
  });

  test('what is no batch', async () => {
    await expect(lossesOver([{ x: [[1]], y: [[1]] }] as never)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: What came is no batch. [INVALID_DATA]
        expected: { x, y } with NdArrays in them
        received: an object with x, y
        where: fit
        hint: Windows make batches by .batches({ batchSize }); nested arrays become an NdArray by ndarray().]
    `);
    await expect(lossesOver([1] as never)).rejects.toThrowError(expect.objectContaining({ code: 'INVALID_DATA' }));
    await expect(lossesOver({ batches } as never)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no x. [INVALID_DATA]
        expected: { x, y }, batches, or a function that gives batches
        received: an object with batches
        where: fit
        hint: Windows make batches by .batches({ batchSize }).]
    `);
  });

  test('nested arrays, typed arrays, NdArrays and tensors are one', async () => {
    const x = tf.tensor2d([[0], [0]]);
    expect(await lossesOver({ x, y: Float32Array.of(1, 2) })).toEqual([1.5, 1.5]);
    expect(await lossesOver({ x: ndarray([[0], [0]]), y: [1, 2] })).toEqual([1.5, 1.5]);
    expect(x.isDisposed).toBe(false);
    x.dispose();
  });
});

describe('weights', () => {
  const x = column(0, 0, 0);
  const y = [1, 2, 4];
  const logsOver = async (data: object, options: FitOptions = {}, goals: TrainerOptions = {}) => {
    const model = echo();
    const trainer = createTrainer(model, { optimizer: still, loss: 'mae', ...goals });
    const { history } = await trainer.fit({ x, y, ...data }, { batchSize: 2, shuffle: false, ...options });
    model.dispose();
    return Object.fromEntries(Object.entries(history).map(([key, values]) => [key, values[0]]));
  };

  test('of samples count in the loss and in weighted metrics', async () => {
    const found = await logsOver({ sampleWeight: [3, 1, 0.5] }, {}, { metrics: ['mae'], weightedMetrics: ['mae', 'mse'] });
    expectClose([found.loss], [(3 + 2 + 2) / 3]);
    expectClose([found.mae, found.weighted_mae, found.mse], [7 / 3, 7 / 4.5, (3 + 4 + 8) / 4.5]);
  });

  test('are shuffled and split with their samples', async () => {
    const found = await logsOver({ sampleWeight: [1, 1, 10] }, { validationSplit: 0.3, shuffle: true });
    expect(found).toEqual({ loss: 1.5, val_loss: 40 });
  });

  test('of classes', async () => {
    expectClose((await logsOver({}, { classWeight: { 1: 3, 4: 0.5 } })).loss, (3 + 2 + 2) / 3);
    const model = linearModel({ kernel: [[0, 0]], bias: [0, 0] });
    const trainer = createTrainer(model, { optimizer: still, loss: 'mae', weightedMetrics: ['mae'] });
    expect(
      (
        await trainer.trainOnBatch(
          column(0, 0),
          [
            [0, 1],
            [2, 0],
          ],
          { classWeight: { 1: 5 } },
        )
      ).loss,
    ).toBe((0.5 * 5 + 1) / 2);
    await expect(
      trainer.trainOnBatch(column(0), [[0, 1]], { classWeight: { 1: 5 }, sampleWeight: [1] }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: classWeight and sampleWeight cannot be combined. [CONTRADICTORY_OPTIONS]
        expected: one of them
        received: both
        where: option classWeight]
    `);
    await expect(
      trainer.trainOnBatch({ x: ndarray(column(0)), y: [ndarray([[0, 1]])] }, undefined, { classWeight: { 1: 5 } }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: classWeight needs exactly one target array. [CLASS_WEIGHT]
        expected: y as one array
        received: several targets
        where: option classWeight]
    `);
    model.dispose();
  });
});

describe('determinism', () => {
  const x = ndarray(asymmetric([12, 3, 1]), [12, 3, 1]);
  const y = ndarray(asymmetric([12, 1], 0.4), [12, 1]);
  const train = async (seed: number, runs: readonly FitOptions[]) => {
    const model = sequential([
      lstm({ units: 3, seed: 1, inputShape: [3, 1] }),
      dropout({ rate: 0.5 }),
      dense({ units: 1, kernelInitializer: 'ones' }),
    ]);
    model.setWeights(model.getWeights().map(({ shape }, i) => ndarray(asymmetric(shape, i), shape)));
    const trainer = createTrainer(model, { optimizer: adam({ learningRate: 0.05 }), loss: 'mse', seed });
    const losses: number[] = [];
    for (const options of runs) losses.push(...(await trainer.fit({ x, y }, { batchSize: 4, ...options })).history.loss);
    const weights = model.getWeights().map(({ data }) => [...data]);
    model.dispose();
    return { losses, weights };
  };

  test('the same seed gives the same bits, another one does not', async () => {
    const first = await train(7, [{ epochs: 3 }]);
    expect(await train(7, [{ epochs: 3 }])).toEqual(first);
    expect((await train(8, [{ epochs: 3 }])).losses).not.toEqual(first.losses);
  });

  test('a second fit goes on where the first one ended', async () => {
    expect(await train(7, [{ epochs: 2 }, { epochs: 3, initialEpoch: 2 }])).toEqual(await train(7, [{ epochs: 3 }]));
  });

  test('each epoch has an order of its own; within batches on request', async () => {
    const orders = async (shuffle: true | 'batch') => {
      const model = echo();
      const seen: number[] = [];
      const call: TrainableModel['call'] = (inputs, options) => {
        seen.push(...(inputs as tf.Tensor).dataSync());
        return model.call(inputs, options);
      };
      await createTrainer({ ...model, call }, { loss: 'mse' }).fit(
        { x: column(...Array(8).keys()), y: column(...Array(8).keys()) },
        { epochs: 2, batchSize: 4, shuffle },
      );
      model.dispose();
      return [seen.slice(0, 8), seen.slice(8)];
    };
    const [first, second] = await orders(true);
    expect(first).not.toEqual(second);
    expect(first.toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    const [within] = await orders('batch');
    expect(within.slice(0, 4).toSorted()).toEqual([0, 1, 2, 3]);
    expect(within).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

test('the event loop gets a turn during a long epoch', async () => {
  const model = echo();
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  const until = performance.now() + 400;
  await createTrainer(model, { loss: 'mse' }).fit(
    (function* () {
      while (performance.now() < until) yield { x: ndarray([[1]]), y: ndarray([[1]]) };
    })(),
  );
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  model.dispose();
});
