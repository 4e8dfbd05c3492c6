import { dense, sequential } from '@cellstate/layers';
import { describe, expect, test, vi } from 'vitest';
import { recipeOf } from '../../src/checkpoint/recipe.ts';
import {
  adam,
  adamW,
  binaryAccuracy,
  type Callback,
  cosineDecay,
  cosineDecayRestarts,
  createTrainer,
  exponentialDecay,
  huber,
  inverseTimeDecay,
  type Loss,
  type Metric,
  meanSquaredError,
  nadam,
  piecewiseConstantDecay,
  polynomialDecay,
  precision,
  type ResumeOptions,
  r2Score,
  restoreWeights,
  resume,
  type Schedule,
  sgd,
  type TrainerOptions,
  type TrainerSettings,
} from '../../src/index.ts';
import { LOSSES } from '../../src/losses/resolve-loss.ts';
import { METRICS } from '../../src/metrics/resolve-metric.ts';
import { OPTIMIZERS } from '../../src/optimizers/resolve-optimizer.ts';
import { leakyModel, linearModel, type OwnedModel } from '../hand-written-models.ts';
import { memoryStore } from '../memory-store.ts';

const data = {
  x: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  y: [1, 2, 4],
};
const rate = { initialLearningRate: 0.01, decaySteps: 3 };

/** Trains, saves, resumes in another model and trains both on; the losses of both. */
async function both(options: TrainerOptions | TrainerSettings, again: (TrainerOptions | TrainerSettings) & ResumeOptions = {}) {
  const store = memoryStore();
  const [model, other] = [linearModel(), linearModel({ kernel: [[9], [9]] })];
  const trainer = createTrainer(model, options);
  const fit = { batchSize: 2, epochs: 2, verbose: 0 } as const;
  await trainer.fit(data, fit);
  await trainer.save(store);
  const resumed = await resume(store, other, again);
  expect([resumed.steps, resumed.learningRate, resumed.interrupted]).toEqual([trainer.steps, trainer.learningRate, null]);
  expect(resumed.history).toEqual(trainer.history);
  const histories = [await trainer.fit(data, fit), await resumed.fit(data, fit)];
  const weights = [model, other].map(({ parameters }) => parameters.map(({ variable }) => [...variable.dataSync()]));
  expect(histories[1]).toEqual(histories[0]);
  expect(weights[1]).toEqual(weights[0]);
  expect(weights[0][0]).not.toEqual([0.5, -0.25]);
  model.dispose();
  other.dispose();
}

const code = (name: string) => expect.objectContaining({ code: name });

describe('options of createTrainer are saved', () => {
  test.each<[string, TrainerOptions]>([
    ['names', { optimizer: 'nadam', loss: 'mae', metrics: ['mse', 'r2'], seed: 9 }],
    ['defaults', { loss: 'mse' }],
    [
      'definitions',
      {
        optimizer: adam({ learningRate: 0.01, clipNorm: 1, amsgrad: true }),
        loss: huber({ delta: 0.5 }),
        metrics: [r2Score(), precision({ threshold: 2 })],
      },
    ],
    [
      'records by output name',
      {
        optimizer: adamW({ learningRate: 0.01 }),
        loss: { output_0: meanSquaredError({ reduction: 'sum' }) },
        lossWeights: { output_0: 0.5 },
        weightedMetrics: [[binaryAccuracy({ threshold: 2 })]],
      },
    ],
    [
      'several definitions of one kind',
      { optimizer: nadam({ beta1: 0.8 }), loss: 'mse', metrics: ['mae', binaryAccuracy({ threshold: 2 })] },
    ],
  ])('%s', async (_, options) => {
    await both(options);
  });

  test.each<[string, Schedule]>([
    ['exponentialDecay', exponentialDecay({ ...rate, decayRate: 0.5 })],
    ['inverseTimeDecay', inverseTimeDecay({ ...rate, decayRate: 0.5, staircase: true })],
    ['polynomialDecay', polynomialDecay({ ...rate, power: 2, cycle: true })],
    ['piecewiseConstantDecay', piecewiseConstantDecay({ boundaries: [3, 5], values: [0.01, 0.02, 0.003] })],
    ['cosineDecay', cosineDecay({ ...rate, alpha: 0.1, warmupTarget: 0.02, warmupSteps: 2 })],
    ['cosineDecayRestarts', cosineDecayRestarts({ initialLearningRate: 0.01, firstDecaySteps: 3, mMul: 0.9 })],
  ])('the schedule %s', async (_, learningRate) => {
    await both({ optimizer: sgd({ learningRate, momentum: 0.9 }), loss: 'mse' });
  });

  test('every optimizer, loss and metric knows how it was made', () => {
    for (const [kind, factories] of Object.entries({ optimizer: OPTIMIZERS, loss: LOSSES, metric: METRICS })) {
      for (const [make, factory] of Object.entries(factories)) expect(recipeOf(factory())).toMatchObject({ kind, make });
    }
  });

  test('plain settings, which are what they stand for', async () => {
    const settings = { optimizer: { name: 'Adam', learningRate: { name: 'cosineDecay', ...rate } }, loss: { name: 'huber', delta: 0.5 } };
    await both(settings);
    await both(settings, { optimizer: adam({ learningRate: cosineDecay(rate) }), loss: huber({ delta: 0.5 }) });
  });

  test('code of your own has to be given again', async () => {
    const own: Loss = { ...meanSquaredError(), name: 'mine' };
    const metric: Metric = { ...r2Score(), name: 'fit' };
    for (const options of [
      { loss: own },
      { loss: (target, prediction) => meanSquaredError().values(target, prediction) },
      { loss: 'mse', metrics: [metric] },
      { loss: 'mse', optimizer: { ...sgd(), weightDecay: 0.1 } },
      { loss: 'mse', optimizer: sgd({ learningRate: (step) => 0.01 / (1 + step) }) },
    ] satisfies TrainerOptions[]) {
      const { loss, metrics, optimizer } = options as TrainerOptions;
      const given = typeof loss === 'string' ? {} : { loss };
      await both(options, { ...given, ...(metrics ? { metrics } : {}), ...(optimizer ? { optimizer } : {}) });
      await expect(both(options)).rejects.toThrowError(code('OPTION_NOT_SAVED'));
    }
    await expect(both({ loss: own })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Option 'loss' holds code of your own, which a checkpoint cannot keep. [OPTION_NOT_SAVED]
        expected: loss, as it was given before
        received: none
        where: resume]
    `);
  });

  test('what is given must be what it was', async () => {
    await both({ loss: 'mse', seed: 3, optimizer: adam() }, { loss: 'mse', seed: 3, optimizer: adam() });
    await expect(both({ loss: 'mse', seed: 3 }, { seed: 4 })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Option 'seed' is not what it was when the checkpoint was saved. [CHECKPOINT_DIFFERS]
        expected: 3
        received: 4
        where: resume
        hint: Leave it out: what is saved is used.]
    `);
    await expect(both({ loss: 'mse' }, { loss: 'mae' })).rejects.toThrowError(code('CHECKPOINT_DIFFERS'));
    await expect(both({ loss: 'mse' }, { optimizer: adam({ beta1: 0.8 }) })).rejects.toThrowError(code('CHECKPOINT_DIFFERS'));
    await expect(both({ loss: 'mse' }, { sead: 4 } as never)).rejects.toThrowError(code('UNKNOWN_OPTION'));
    await expect(both({ loss: 'mse' }, { interruptedFit: 'stop' } as never)).rejects.toThrowError(code('INVALID_OPTION'));
  });
});

describe('resume', () => {
  test('needs a checkpoint, and its model', async () => {
    const store = memoryStore();
    const model = sequential([dense({ units: 2, inputShape: [3] })]);
    await expect(resume(store, model)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no checkpoint. [CHECKPOINT_MISSING]
        expected: what trainer.save, modelCheckpoint or backupAndRestore wrote
        received: nothing
        where: memory]
    `);
    await expect(restoreWeights(store, model)).rejects.toThrowError(code('CHECKPOINT_MISSING'));
    await expect(resume(store, null as never)).rejects.toThrowError(code('INVALID_MODEL'));
    await createTrainer(linearModel(), { loss: 'mse' }).save(store);
    const before = model.getWeights().map((array) => array.toNested());
    await expect(resume(store, model)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The checkpoint is of another model. [CHECKPOINT_DIFFERS]
        expected: kernel [2, 1]
        received: dense/kernel [3, 2]
        where: resume
        hint: Build the model by the same code as before.]
    `);
    await expect(restoreWeights(store, model)).rejects.toThrowError(code('CHECKPOINT_DIFFERS'));
    expect(model.getWeights().map((array) => array.toNested())).toEqual(before);
    model.dispose();
  });

  test('a model that carries another state is refused, and keeps its weights', async () => {
    const store = memoryStore();
    const saved = leakyModel();
    const trainer = createTrainer(saved, { loss: 'mse' });
    await trainer.trainOnBatch([[[1]], [[2]]], [[[1]], [[2]]]);
    await trainer.save(store);
    const other: OwnedModel = { ...leakyModel(), statefulCalls: ['leaky#0', 'other#0'] };
    const weights = () => other.parameters.map(({ variable }) => Array.from(variable.dataSync()));
    const before = weights();
    await expect(resume(store, other)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The checkpoint is of another model. [CHECKPOINT_DIFFERS]
        expected: state carried for leaky#0
        received: state carried for leaky#0, other#0
        where: model.statefulCalls
        hint: Build the model by the same code as before.]
    `);
    expect(weights()).toEqual(before);
    saved.dispose();
    other.dispose();
  });

  test('an optimizer of the same name with other slots is refused', async () => {
    const store = memoryStore();
    const model = linearModel();
    const own = (momentum: number) => ({ ...sgd({ learningRate: 0.01, momentum }) });
    const trainer = createTrainer(model, { loss: 'mse', optimizer: own(0.9) });
    await trainer.trainOnBatch(data.x, data.y);
    await trainer.save(store);
    await expect(resume(store, model, { optimizer: own(0) })).rejects.toThrowError(code('CHECKPOINT_DIFFERS'));
    model.dispose();
  });

  test('an interrupted fit waits for fit, or is dropped', async () => {
    const store = memoryStore();
    const model = linearModel();
    const save: Callback = {
      setRun(run) {
        this.onBatchEnd = (batch: number) => void (batch === 1 && run.save(store));
      },
    };
    await createTrainer(model, { loss: 'mse' }).fit(data, { batchSize: 1, epochs: 2, verbose: 0, callbacks: [save] });
    const resumed = await resume(store, model);
    expect(resumed.interrupted).toEqual({ epoch: 1, batch: 2 });
    await expect(resumed.trainOnBatch(data.x, data.y)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An interrupted fit waits to be gone on with. [FIT_INTERRUPTED]
        expected: a call of fit
        received: a call of trainOnBatch
        where: trainOnBatch
        hint: Resume with interruptedFit: 'drop' to forget it.]
    `);
    // Looking at it moves nothing; saving it again keeps the place.
    await resumed.evaluate(data);
    await resumed.save(store);
    expect((await resume(store, model)).interrupted).toEqual({ epoch: 1, batch: 2 });
    await expect(resumed.fit({ x: data.x.slice(1), y: [1, 2] }, { verbose: 0 })).rejects.toThrowError(code('RESUMED_FIT_DIFFERS'));
    const { epoch } = await resumed.fit(data, { verbose: 0, epochs: 3 });
    expect(epoch).toEqual([0, 1, 2]);
    const dropped = await resume(store, model, { interruptedFit: 'drop' });
    expect(dropped.interrupted).toBe(null);
    expect((await dropped.fit(data, { verbose: 0 })).epoch).toEqual([0]);
    model.dispose();
  });

  test('within fit a callback saves, not the trainer; outside, the trainer', async () => {
    const model = linearModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    const store = memoryStore();
    await expect(
      trainer.fit(data, { verbose: 0, callbacks: [{ onEpochEnd: () => trainer.save(store) }] }),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A trainer does one thing at a time. [TRAINER_BUSY]
        expected: the end of fit
        received: a call of save
        where: save
        hint: Within fit use modelCheckpoint or backupAndRestore, or run.save() in a callback of your own.]
    `);
    const save: Callback = {
      setRun(run) {
        this.onTestEnd = () => run.save(store);
      },
    };
    await expect(trainer.evaluate(data, { callbacks: [save] })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Callbacks can save within fit only. [NOT_IN_FIT]
        expected: a callback of fit
        received: one of evaluate or predict
        where: run.save
        hint: Call trainer.save(folder).]
    `);
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    await expect(trainer.save(3 as never)).rejects.toThrowError(code('INVALID_STORE'));
    warn.mockRestore();
    model.dispose();
  });

  test('one saved when training ends holds a fit that is over', async () => {
    const store = memoryStore();
    const model = linearModel();
    const save: Callback = {
      setRun(run) {
        this.onTrainEnd = () => run.save(store);
      },
    };
    const trainer = createTrainer(model, { loss: 'mse' });
    await trainer.fit(data, { epochs: 2, verbose: 0, callbacks: [save] });
    const resumed = await resume(store, model);
    expect(resumed.interrupted).toBe(null);
    expect(resumed.history).toEqual(trainer.history);
    model.dispose();
  });
});
