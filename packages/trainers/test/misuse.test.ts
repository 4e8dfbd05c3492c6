import { type Batch, CellstateError, ndarray } from '@cellstate/core';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTrainer, type TrainerOptions } from '../src/index.ts';
import { leakyModel, linearModel, type OwnedModel } from './hand-written-models.ts';

const rows = (count: number, steps = 1) =>
  ndarray(Array.from({ length: count }, (_, i) => Array.from({ length: steps }, (_, t) => [i + t / 10])));
const targets = (count: number) => ndarray(Array.from({ length: count }, (_, i) => [i / 7]));
const windows = (source: string, { length = 3, stride = 1, count = 4 } = {}) => {
  const { data, shape } = rows(count, length);
  return ndarray(data, shape, { source, length, stride });
};

/** The error of a call, after checking that it moved no weight, took no step and left no tensor. */
async function refused(
  model: OwnedModel,
  act: (trainer: ReturnType<typeof createTrainer>) => Promise<unknown>,
  options: TrainerOptions = { loss: 'mse' },
): Promise<CellstateError> {
  const values = () => model.parameters.map(({ variable }) => [...variable.dataSync()]);
  const before = values();
  const trainer = createTrainer(model, options);
  const error = await expectNoLeak(async () => {
    const caught = await act(trainer).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    trainer.resetStates();
    return caught;
  });
  expect(error).toBeInstanceOf(CellstateError);
  expect(values()).toEqual(before);
  expect(trainer.steps).toBe(0);
  trainer.dispose();
  model.dispose();
  return error as CellstateError;
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('shuffling under carried state', () => {
  test('throws', async () => {
    const error = await refused(leakyModel(), (trainer) => trainer.fit({ x: rows(4), y: targets(4) }, { batchSize: 2, shuffle: true }));
    expect(error).toMatchInlineSnapshot(`
      [CellstateError: Shuffled rows would continue each other at random under a stateful layer. [SHUFFLE_UNDER_STATE]
        expected: shuffle: false, the default of a stateful model
        received: shuffle: true over 4 rows in batches of 2
        where: fit
        hint: Leave shuffle out, or use a stateless model.]
    `);
    expect(
      (await refused(leakyModel(), (trainer) => trainer.fit({ x: rows(4), y: targets(4) }, { batchSize: 2, shuffle: 'batch' }))).code,
    ).toBe('SHUFFLE_UNDER_STATE');
    const never = { batchSize: 4, shuffle: true, resetStates: 'never' } as const;
    expect((await refused(leakyModel(), (trainer) => trainer.fit({ x: rows(4), y: targets(4) }, never))).code).toBe('SHUFFLE_UNDER_STATE');
  });

  test('is let through where it cannot matter: all lanes in one batch that starts anew', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    await trainer.fit({ x: rows(4), y: targets(4) }, { batchSize: 4, shuffle: true, epochs: 2 });
    await trainer.fit({ x: rows(1), y: targets(1) }, { shuffle: true, batchSize: 1, epochs: 2, resetStates: 'epoch' });
    expect(trainer.steps).toBe(4);
    trainer.dispose();
    model.dispose();
  });

  test('is off by default there, and on for a stateless model', async () => {
    const order = async (model: OwnedModel) => {
      const seen: number[] = [];
      const call: typeof model.call = (inputs, options) => {
        seen.push((inputs as unknown as { dataSync(): Float32Array }).dataSync()[0]);
        return model.call(inputs, options);
      };
      const trainer = createTrainer({ ...model, call }, { loss: 'mse', seed: 3 });
      await trainer.fit({ x: rows(6), y: targets(6) }, { batchSize: 1 });
      trainer.dispose();
      model.dispose();
      return seen;
    };
    expect(await order(leakyModel())).toEqual([0, 1, 2, 3, 4, 5]);
    const shuffled = await order(leakyModel({ stateful: false }));
    expect(shuffled).not.toEqual([0, 1, 2, 3, 4, 5]);
    expect(shuffled.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('batch size', () => {
  test('rows that do not fill whole batches', async () => {
    const error = await refused(leakyModel({ batchSize: 4 }), (trainer) => trainer.fit({ x: rows(10), y: targets(10) }));
    expect(error).toMatchInlineSnapshot(`
      [CellstateError: The rows do not fill whole batches, which a stateful model needs. [BATCH_SIZE_DOES_NOT_DIVIDE]
        expected: a multiple of 4 rows: 8 or 12
        received: 10 rows
        where: fit
        hint: Batch sizes that divide 10: 1, 2, 5, 10.]
    `);
    expect((await refused(leakyModel(), (trainer) => trainer.fit({ x: rows(10), y: targets(10) }, { batchSize: 4 }))).code).toBe(
      'BATCH_SIZE_DOES_NOT_DIVIDE',
    );
    expect((await refused(leakyModel({ batchSize: 4 }), (trainer) => trainer.predict(rows(3)))).message).toContain('4');
    expect((await refused(leakyModel({ batchSize: 4 }), (trainer) => trainer.evaluate({ x: rows(3), y: targets(3) }))).code).toBe(
      'BATCH_SIZE_DOES_NOT_DIVIDE',
    );
  });

  test('fewer rows than the batch size are one batch of their own', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    await trainer.fit({ x: rows(5), y: targets(5) }, { epochs: 2 });
    expect(trainer.steps).toBe(2);
    expect(trainer.states.training['leaky#0'][0].shape).toEqual([5, 1]);
    trainer.dispose();
    model.dispose();
  });

  test('also in the part cut off for validation, and in validation data', async () => {
    const error = await refused(leakyModel({ batchSize: 4 }), (trainer) =>
      trainer.fit({ x: rows(10), y: targets(10) }, { validationSplit: 0.2 }),
    );
    expect(error.where).toBe('fit, the part cut off by validationSplit');
    const data = { x: rows(5), y: targets(5) };
    const other = await refused(leakyModel(), (trainer) =>
      trainer.fit({ x: rows(4), y: targets(4) }, { batchSize: 4, validationData: data }),
    );
    expect(other.where).toBe('fit, option validationData');
  });

  test('another one than the pinned', async () => {
    const error = await refused(leakyModel({ batchSize: 4 }), (trainer) => trainer.fit({ x: rows(8), y: targets(8) }, { batchSize: 2 }));
    expect(error).toMatchInlineSnapshot(`
      [CellstateError: The model is made for another batch size. [BATCH_SIZE_PINNED]
        expected: batches of 4 rows, from batchInputShape
        received: batches of 2 rows
        where: fit
        hint: Use batches of 4 rows, or build the model with null as its first dimension.]
    `);
    const batch: Batch = { x: rows(2), y: targets(2) };
    expect((await refused(leakyModel({ batchSize: 4 }), (trainer) => trainer.fit([batch]))).code).toBe('BATCH_SIZE_PINNED');
    expect((await refused(leakyModel({ batchSize: 4 }), (trainer) => trainer.trainOnBatch(batch))).code).toBe('BATCH_SIZE_PINNED');
  });

  test('that is no size', async () => {
    expect((await refused(linearModel(), (trainer) => trainer.predict([[1, 2]], { batchSize: 0 }))).code).toBe('INVALID_OPTION');
  });

  test('that changes while state is carried', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    await trainer.trainOnBatch(rows(2), targets(2));
    await expect(trainer.trainOnBatch(rows(3), targets(3))).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The number of lanes changed while their state is carried. [BATCH_SIZE_CHANGED]
        expected: 2 rows, as in the batch before
        received: 3 rows
        where: a stateful model
        hint: Keep one batch size, or call trainer.resetStates() in between.]
    `);
    trainer.resetStates();
    await trainer.trainOnBatch(rows(3), targets(3));
    const batches = [rows(2), rows(3)].map((x) => ({ x, y: targets(x.shape[0]) }));
    await expect(trainer.fit(batches)).rejects.toThrowError(expect.objectContaining({ code: 'BATCH_SIZE_CHANGED' }));
    trainer.dispose();
    model.dispose();
  });
});

describe('overlapping windows under carried state', () => {
  test('throw, wherever the origin is written', async () => {
    const error = await refused(leakyModel(), (trainer) => trainer.fit({ x: windows('slidingWindows'), y: targets(4) }, { batchSize: 1 }));
    expect(error).toMatchInlineSnapshot(`
      [CellstateError: Overlapping windows under a stateful layer: each value would enter the carried state several times. [OVERLAPPING_WINDOWS]
        expected: windows that start at least 3 steps apart
        received: windows of 3 steps, 1 apart, from slidingWindows
        where: fit
        hint: Cut the series with lanes(), use a stateless model, or say allowOverlap: true.]
    `);
    const batch: Batch = { x: rows(2), y: targets(2), origin: { source: 'slidingWindows', length: 3, stride: 2 } };
    for (const act of [
      (trainer: ReturnType<typeof createTrainer>) => trainer.fit([batch]),
      (trainer: ReturnType<typeof createTrainer>) => trainer.trainOnBatch(batch),
      (trainer: ReturnType<typeof createTrainer>) => trainer.evaluate([batch]),
      (trainer: ReturnType<typeof createTrainer>) => trainer.predict([batch]),
      (trainer: ReturnType<typeof createTrainer>) => trainer.predict(windows('slidingWindows')),
    ]) {
      expect((await refused(leakyModel(), act)).code).toBe('OVERLAPPING_WINDOWS');
    }
  });

  test('are let through by allowOverlap, and without state', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    const data = { x: windows('slidingWindows'), y: targets(4) };
    await trainer.fit(data, { batchSize: 1, allowOverlap: true });
    await trainer.predict(data.x, { allowOverlap: true, batchSize: 1 });
    await trainer.trainOnBatch(data.x.slice([[0, 1]]), targets(1), { allowOverlap: true });
    await createTrainer(leakyModel({ stateful: false }), { loss: 'mse' }).fit(data);
    trainer.dispose();
    model.dispose();
  });

  test('of createDataset are let through with one warning, which says how often a value enters', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const model = leakyModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    const data = { x: windows('createDataset').reshape([4, 1, 3]), y: targets(4) };
    await trainer.fit(data, { batchSize: 1, epochs: 2 });
    await trainer.predict(data.x, { batchSize: 1 });
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "cellstate: The windows of createDataset overlap, so each value enters the carried state 3 times (lookBack 3). Tutorials do that; lanes() or a stateless model avoid it, and allowOverlap: true silences this warning.",
        ],
      ]
    `);
    trainer.dispose();
    model.dispose();
  });

  test('side by side, without overlap, get a warning when lanes would not be continued', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const model = leakyModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    const x = windows('slidingWindows', { stride: 3 });
    await trainer.fit({ x, y: targets(4) }, { batchSize: 1 });
    expect(warn).not.toHaveBeenCalled();
    await trainer.fit({ x, y: targets(4) }, { batchSize: 2, epochs: 2 });
    expect(warn.mock.calls).toMatchInlineSnapshot(`
      [
        [
          "cellstate: The rows of a batch are consecutive windows of one series, but a stateful model continues row i of one batch in row i of the next. Use batchSize: 1, or lanes() of @cellstate/windowing.",
        ],
      ]
    `);
    trainer.dispose();
    model.dispose();
  });
});

describe('batches that contradict themselves', () => {
  const x = rows(2, 3);
  test.each([
    ['STARTS_LENGTH', { starts: Uint8Array.of(1) }],
    ['LENGTHS', { lengths: Int32Array.of(1) }],
    ['LENGTHS', { lengths: Int32Array.of(1, 4) }],
    ['LENGTHS', { lengths: Int32Array.of(1, -1) }],
    ['ROWS_DIFFER', { y: targets(3) }],
    [
      'WRONG_COUNT',
      {
        mask: [
          ndarray([
            [1, 1, 1],
            [1, 1, 1],
          ]),
          ndarray([
            [1, 1, 1],
            [1, 1, 1],
          ]),
        ],
      },
    ],
  ] as [string, Partial<Batch>][])('%s', async (code, part) => {
    const batch: Batch = { x, y: targets(2), ...part };
    expect((await refused(leakyModel(), (trainer) => trainer.fit([batch]))).code).toBe(code);
    expect((await refused(leakyModel(), (trainer) => trainer.trainOnBatch(batch))).code).toBe(code);
  });

  test('STATE_MISSING: a model that promises a state and gives none', async () => {
    const model = leakyModel();
    const { call } = model;
    const error = await refused({ ...model, call: (...args) => ({ ...call(...args), state: {} }) }, (trainer) =>
      trainer.trainOnBatch(rows(1), targets(1)),
    );
    expect(error).toMatchInlineSnapshot(`
      [CellstateError: The model declares 'leaky#0' stateful but gives no state for it. [STATE_MISSING]
        expected: an entry 'leaky#0' in the state
        received: none
        where: model.statefulCalls]
    `);
    const partial = leakyModel();
    const trainer = createTrainer({ ...partial, initialState: () => ({}) });
    await trainer.predict(rows(2));
    await expect(trainer.predict([{ x: rows(2), starts: Uint8Array.of(1, 0) }])).rejects.toThrowError(
      expect.objectContaining({ code: 'STATE_MISSING' }),
    );
    trainer.dispose();
    partial.dispose();
  });
});

describe('options of fit', () => {
  const data = { x: rows(4), y: targets(4) };
  test.each([
    ['INVALID_OPTION', { epochs: 1.5 }],
    ['INVALID_OPTION', { initialEpoch: -1 }],
    ['INVALID_OPTION', { shuffle: 'yes' as never }],
    ['INVALID_OPTION', { validationFreq: 0, validationSplit: 0.5 }],
    ['INVALID_OPTION', { resetStates: 'batch' as never }],
    ['INVALID_OPTION', { verbose: 3 as never }],
    ['INVALID_OPTION', { batchSize: -1 }],
    ['UNKNOWN_OPTION', { epoch: 3 } as never],
    ['CONTRADICTORY_OPTIONS', { validationSplit: 0.5, validationData: data }],
    ['CONTRADICTORY_OPTIONS', { validationFreq: 2 }],
    ['VALIDATION_SPLIT', { validationSplit: 0.9 }],
    ['VALIDATION_SPLIT', { validationSplit: 1 }],
    ['VALIDATION_SPLIT', { validationSplit: -0.1 }],
  ])('%s', async (code, options) => {
    expect((await refused(linearModel({ kernel: [[1]], bias: [0] }), (trainer) => trainer.fit(data, options))).code).toBe(code);
  });

  test.each([{ batchSize: 2 }, { shuffle: true }, { validationSplit: 0.5 }])('%o has no meaning for batches', async (options) => {
    expect((await refused(linearModel(), (trainer) => trainer.fit([{ x: rows(2), y: targets(2) }], options))).code).toBe(
      'OPTION_NEEDS_SAMPLES',
    );
  });

  test('a generator that is used up', async () => {
    const model = linearModel({ kernel: [[1]], bias: [0] });
    const trainer = createTrainer(model, { loss: 'mse' });
    function* batches() {
      yield { x: ndarray([[1]]), y: ndarray([[1]]) };
    }
    await expect(trainer.fit(batches(), { epochs: 2 })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Epoch 1 got no batches. [NO_BATCHES]
        expected: at least one batch an epoch
        received: none
        where: fit
        hint: A generator can be run through once only: pass a function that returns a new one for each epoch.]
    `);
    await expect(trainer.evaluate([])).rejects.toThrowError(expect.objectContaining({ code: 'NO_BATCHES' }));
    await expect(trainer.predict((function* () {})())).rejects.toThrowError(expect.objectContaining({ code: 'NO_BATCHES' }));
    model.dispose();
  });
});

describe('the trainer', () => {
  test('does one thing at a time', async () => {
    const model = linearModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    const first = trainer.fit({ x: [[1, 2]], y: [1] });
    await expect(trainer.predict([[1, 2]])).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A trainer does one thing at a time. [TRAINER_BUSY]
        expected: the end of fit
        received: a call of predict
        where: predict
        hint: Await the first call, or use a second trainer.]
    `);
    await first;
    await trainer.predict([[1, 2]]);
    trainer.dispose();
    await expect(trainer.predict([[1, 2]])).rejects.toThrowError(expect.objectContaining({ code: 'TRAINER_DISPOSED' }));
    model.dispose();
  });

  test('refuses what cannot be meant', async () => {
    const data = { x: [[1, 2]], y: [1] };
    const cases: [string, TrainerOptions][] = [
      ['NO_LOSS', {}],
      ['NO_LOSS', { loss: [null] }],
      ['WRONG_COUNT', { loss: ['mse', 'mae'] }],
      ['UNKNOWN_NAME', { loss: { forecast: 'mse' } }],
      ['UNKNOWN_LOSS', { loss: 'mean' }],
      ['UNKNOWN_METRIC', { loss: 'mse', metrics: ['mean'] }],
      ['METRIC_NAME_TWICE', { loss: 'mse', metrics: ['mae', 'mae'] }],
      [
        'METRIC_NAME_TWICE',
        {
          loss: 'mse',
          metrics: [
            function loss(t) {
              return t;
            },
          ],
        },
      ],
    ];
    for (const [code, options] of cases) {
      expect((await refused(linearModel(), (trainer) => trainer.fit(data), options)).code).toBe(code);
    }
    expect(() => createTrainer(linearModel(), { lr: 1 } as never)).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
    const named = ['earlyStopping'] as never;
    expect(await refused(linearModel(), (trainer) => trainer.fit(data, { callbacks: named }))).toMatchInlineSnapshot(`
      [CellstateError: A callback is an object with hooks. [INVALID_OPTION]
        expected: earlyStopping({ … }) or { onEpochEnd(epoch, logs) { … } }
        received: 'earlyStopping'
        where: option callbacks]
    `);
    expect(() => createTrainer({} as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no model to train. [INVALID_MODEL]
        expected: a model of @cellstate/layers, or anything that satisfies TrainableModel
        received: object
        where: createTrainer]
    `);
    expect(() => createTrainer(null as never)).toThrowError(expect.objectContaining({ code: 'INVALID_MODEL' }));
    expect(() => createTrainer(linearModel(), { optimizer: {} as never })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: This is no optimizer. [UNKNOWN_OPTIMIZER]
        expected: one of sgd, rmsprop, adam, adamW, adamax, nadam, adagrad, adadelta, lion
        received: object
        where: createTrainer, option optimizer]
    `);
    expect(() => createTrainer(linearModel(), { seed: 0.5 })).toThrowError(expect.objectContaining({ code: 'INVALID_SEED' }));
    expect(() => createTrainer(linearModel(), { optimizer: 'adan' })).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTIMIZER' }));
  });

  test('refuses samples that cannot be meant', async () => {
    const lengths = { x: [[1, 2]], y: [1], lengths: Int32Array.of(1) };
    expect(await refused(linearModel(), (trainer) => trainer.fit(lengths))).toMatchInlineSnapshot(`
      [CellstateError: One batch was given where samples are expected. [INVALID_DATA]
        expected: { x, y?, sampleWeight?, mask? }
        received: lengths beside x
        where: fit
        hint: Give a list of batches: [batch].]
    `);
    const misspelt = { x: [[1, 2]], y: [1], sampleWeights: [1] };
    expect(await refused(linearModel(), (trainer) => trainer.fit(misspelt))).toMatchInlineSnapshot(`
      [CellstateError: Nothing reads 'sampleWeights'. [INVALID_DATA]
        expected: { x, y?, sampleWeight?, mask? }
        received: an object with x, y, sampleWeights
        where: fit
        hint: Did you mean 'sampleWeight'?]
    `);
    expect((await refused(linearModel(), (trainer) => trainer.trainOnBatch(null as never, null as never))).code).toBe('INVALID_DATA');
    expect((await refused(linearModel(), (trainer) => trainer.fit({ x: [[1, 2]], y: [1, 2] }))).code).toBe('ROWS_DIFFER');
    expect((await refused(linearModel(), (trainer) => trainer.fit({ x: [] as number[], y: [] }))).code).toBe('NO_SAMPLES');
    expect((await refused(linearModel(), (trainer) => trainer.fit({ x: [[1, 2]] }))).code).toBe('NO_TARGET');
  });
});
