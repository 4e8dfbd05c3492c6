import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ndarray } from '@cellstate/core';
import { beside, type OptionSubject, testOptions } from '@cellstate/testing';
import { afterAll, afterEach, beforeEach, vi } from 'vitest';
import * as doors from '../src/index.ts';
import { checkpointSubjects } from './checkpoint-subjects.ts';
import { leakyModel, linearModel, type OwnedModel } from './hand-written-models.ts';
import { scriptedFit } from './scripted-fit.ts';

type Options = Readonly<Record<string, unknown>>;
type Make<T> = (options: never) => T;

const { createTrainer, earlyStopping, exponentialDecay, sgd } = doors;
const folder = mkdtempSync(join(tmpdir(), 'trainer-options-'));
let printed: unknown[][] = [];

beforeEach(() => {
  printed = [];
  for (const method of ['log', 'warn'] as const) vi.spyOn(console, method).mockImplementation((...line) => void printed.push(line));
});
afterEach(() => void vi.restoreAllMocks());
afterAll(() => rmSync(folder, { recursive: true }));

/** Frees a model and its trainer after `act`. */
async function trained<T>(model: OwnedModel, options: Options, act: (trainer: doors.Trainer) => T): Promise<Awaited<T>> {
  const trainer = createTrainer(model, options);
  try {
    return await act(trainer);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

const weightsOf = (model: OwnedModel) => model.parameters.map(({ variable }) => [...variable.dataSync()]);
const spread = (count: number, factor: number) => Array.from({ length: count }, (_, i) => 0.5 + 0.4 * Math.sin(factor * (i + 1)));

/** Inputs and targets whose gradients differ in sign and size. */
const STEPS = [
  [5, 100],
  [3, -60],
  [0.1, -3],
  [2, 50],
  [0.2, -4],
  [1, 0],
];

/** A few steps of training; where the weights go. */
function optimizerSubject(factory: Make<doors.Optimizer>, own: Options, base: Options = {}): OptionSubject {
  const make = (options: Options) => factory({ ...base, ...options } as never);
  return {
    make,
    observe(options) {
      const model = linearModel();
      return trained(model, { optimizer: make(options), loss: 'mse' }, async (trainer) => {
        for (const [factor, target] of STEPS) await trainer.trainOnBatch([[factor, 2 * factor]], [target]);
        return JSON.stringify([weightsOf(model), trainer.learningRate]);
      });
    },
    changes: () => ({
      learningRate: 0.3,
      weightDecay: 0.5,
      clipNorm: 0.01,
      clipValue: 0.01,
      globalClipNorm: 0.01,
      useEma: beside({ emaOverwriteFrequency: 2 }, true),
      emaMomentum: beside({ useEma: true, emaOverwriteFrequency: 1 }, 0.5),
      emaOverwriteFrequency: beside({ useEma: true }, 2),
      gradientAccumulationSteps: 2,
      ...own,
    }),
  };
}

function scheduleSubject(factory: Make<doors.Schedule>, base: Options, changes: Options): OptionSubject {
  const make = (options: Options) => factory({ ...base, ...options } as never);
  return {
    make,
    observe: (options) => JSON.stringify(Array.from({ length: 30 }, (_, step) => make(options)(step))),
    changes: () => changes,
  };
}

const THREE = {
  kernel: [
    [0.5, -0.2, 0.1],
    [0.3, 0.8, -0.6],
  ],
  bias: [0.3, 0.2, 0.4],
};
const KINDS = {
  /** Any numbers for one output. */
  values: { model: {}, y: [[0.2], [0.9], [1.4], [0.6]] },
  /** Zeros and ones for one output. */
  bits: { model: {}, y: [[0], [1], [1], [0]] },
  /** One class of three, as a row of zeros and a one. */
  rows: {
    model: THREE,
    y: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 1, 0],
    ],
  },
  /** One class of three, as its number. */
  classes: { model: THREE, y: [[0], [1], [2], [1]] },
} as const;

/** What a loss or a metric says about four samples, of which some count twice. */
function measureSubject(
  as: 'loss' | 'metric',
  { factory, kind, changes }: { factory: Make<doors.Loss | doors.Metric>; kind: keyof typeof KINDS; changes: Options },
): OptionSubject {
  const { model, y } = KINDS[kind];
  const make = (options: Options) => factory(options as never);
  return {
    make,
    observe(options) {
      const rule = make(options);
      const goals = as === 'loss' ? { loss: rule } : { loss: 'mse', weightedMetrics: [rule] };
      const x = ndarray(Float32Array.from(spread(8, 2)), [4, 2]);
      const target = as === 'metric' && kind === 'classes' ? { ...goals, loss: 'sparseCategoricalCrossentropy' } : goals;
      return trained(linearModel(model as never), target, async (trainer) =>
        JSON.stringify(await trainer.evaluate({ x, y: ndarray(y as never), sampleWeight: [1, 2, 1, 2] })),
      );
    },
    changes: () => changes,
  };
}

const loss = (factory: Make<doors.Loss>, kind: keyof typeof KINDS, changes: Options = {}) =>
  measureSubject('loss', { factory, kind, changes: { reduction: 'sum', ...changes } });
const metric = (factory: Make<doors.Metric>, kind: keyof typeof KINDS, changes: Options = {}) =>
  measureSubject('metric', { factory, kind, changes });

/** What a run of given losses does under a callback. */
function callbackSubject(make: (options: Options) => doors.Callback, losses: readonly number[], changes: () => Options): OptionSubject {
  return {
    make,
    async observe(options) {
      printed = [];
      const rates: number[] = [];
      const callback = make(options);
      let run: doors.Run | undefined;
      const watching: doors.Callback = {
        setRun: (given) => {
          run = given;
        },
        onEpochEnd: () => void rates.push(run?.learningRate ?? Number.NaN),
      };
      const { history, weight, trainer } = await scriptedFit(losses, [callback, watching], { goals: { metrics: [doors.r2Score()] } });
      trainer.dispose();
      return JSON.stringify([history.history.loss, rates, weight, printed, (callback as { bestEpoch?: number }).bestEpoch ?? null]);
    },
    changes,
  };
}

const file = join(folder, 'log.csv');
const csv: OptionSubject = {
  make: (options) => doors.csvLogger(file, options),
  async observe(options) {
    writeFileSync(file, 'epoch;loss\r\n');
    (await scriptedFit([2, 1], [doors.csvLogger(file, options)])).trainer.dispose();
    return readFileSync(file, 'utf8');
  },
  changes: () => ({ separator: ';', append: true }),
};

const x = () => ndarray(Float32Array.from(spread(12, 2)), [6, 2]);
const y = () => ndarray(Float32Array.from(spread(6, 3)), [6, 1]);
const steps = (origin?: object) => ndarray(Float32Array.from(spread(8, 2)), [8, 1, 1], origin as never);
const overlapping = () => steps({ source: 'slidingWindows', length: 3, stride: 1 });
const noting = () => ({
  callbacks: [
    {
      onTrainBegin: () => void printed.push(['begun']),
      onTestBegin: () => void printed.push(['begun']),
      onPredictBegin: () => void printed.push(['begun']),
    },
  ],
});

/** A method of a trainer on six samples of a linear model. */
function methodSubject(
  run: (trainer: doors.Trainer, options: Options) => unknown,
  changes: () => Options,
  model = () => linearModel(),
): OptionSubject {
  const make = (options: Options) => {
    printed = [];
    const made = model();
    return trained(made, { optimizer: sgd({ learningRate: 0.1 }), loss: 'mse', seed: 3 }, async (trainer) => {
      const result = await run(trainer, options);
      return JSON.stringify([result, trainer.steps, weightsOf(made), printed]);
    });
  };
  return { make, observe: make, changes };
}

/** The weights after two steps under these goals. */
function trainerSubject(): OptionSubject {
  const make = (options: Options) => createTrainer(linearModel(), { loss: 'mse', ...options });
  return {
    make,
    observe(options) {
      const model = linearModel();
      return trained(model, { loss: 'mse', ...options }, async (trainer) => {
        const { history } = await trainer.fit({ x: x(), y: y() }, { batchSize: 2, epochs: 2, verbose: 0 });
        return JSON.stringify([history, weightsOf(model)]);
      });
    },
    changes: () => ({
      optimizer: sgd({ learningRate: 0.3 }),
      loss: 'mae',
      lossWeights: [3],
      metrics: ['mae'],
      weightedMetrics: ['mae'],
      seed: 7,
    }),
  };
}

/** Under state: how it is carried, and what may enter it. */
const STATEFUL_FIT = methodSubject(
  async (trainer, options) =>
    (
      await trainer.fit(
        { x: 'allowOverlap' in options ? overlapping() : steps(), y: steps().reshape([8, 1]) },
        { batchSize: 2, verbose: 0, epochs: 2, ...options },
      )
    ).history,
  () => ({
    epochs: 3,
    initialEpoch: 1,
    batchSize: 4,
    shuffle: true,
    validationSplit: 0.5,
    validationData: { x: steps(), y: steps().reshape([8, 1]) },
    validationFreq: beside({ validationSplit: 0.5 }, 2),
    resetStates: 'never',
    classWeight: { 0: 3 },
    ...noting(),
    verbose: 2,
    allowOverlap: beside({ allowOverlap: false }, true),
  }),
  () => leakyModel(),
);

const learning = { initialLearningRate: 1, decaySteps: 10 };

testOptions(doors, {
  subjects: {
    sgd: optimizerSubject(sgd, { momentum: 0.9, nesterov: beside({ momentum: 0.9 }, true) }),
    rmsprop: optimizerSubject(doors.rmsprop, { rho: 0.5, momentum: 0.5, epsilon: 0.1, centered: true }),
    adam: optimizerSubject(doors.adam, { beta1: 0.5, beta2: 0.5, epsilon: 0.1, amsgrad: beside({ beta2: 0.1 }, true) }),
    adamW: optimizerSubject(doors.adamW, { beta1: 0.5, beta2: 0.5, epsilon: 0.1, amsgrad: beside({ beta2: 0.1 }, true) }),
    adamax: optimizerSubject(doors.adamax, { beta1: 0.5, beta2: 0.5, epsilon: 0.1 }),
    nadam: optimizerSubject(doors.nadam, { beta1: 0.5, beta2: 0.5, epsilon: 0.1 }),
    adagrad: optimizerSubject(doors.adagrad, { initialAccumulatorValue: 0.5, epsilon: 0.1 }),
    adadelta: optimizerSubject(doors.adadelta, { rho: 0.5, epsilon: 0.1 }),
    lion: optimizerSubject(doors.lion, { beta1: 0.1, beta2: 0.1, clipNorm: beside({ beta1: 0.1 }, 0.01) }),
    exponentialDecay: scheduleSubject(
      exponentialDecay,
      { ...learning, decayRate: 0.5 },
      { initialLearningRate: 2, decaySteps: 5, decayRate: 0.3, staircase: true },
    ),
    inverseTimeDecay: scheduleSubject(
      doors.inverseTimeDecay,
      { ...learning, decayRate: 0.5 },
      { initialLearningRate: 2, decaySteps: 5, decayRate: 0.3, staircase: true },
    ),
    polynomialDecay: scheduleSubject(doors.polynomialDecay, learning, {
      initialLearningRate: 2,
      decaySteps: 5,
      endLearningRate: 0.5,
      power: 2,
      cycle: true,
    }),
    piecewiseConstantDecay: scheduleSubject(
      doors.piecewiseConstantDecay,
      { boundaries: [5], values: [1, 0.5] },
      { boundaries: [7], values: [2, 1] },
    ),
    cosineDecay: scheduleSubject(doors.cosineDecay, learning, {
      initialLearningRate: 2,
      decaySteps: 5,
      alpha: 0.3,
      warmupTarget: beside({ warmupSteps: 5 }, 3),
      warmupSteps: beside({ warmupTarget: 3 }, 5),
    }),
    cosineDecayRestarts: scheduleSubject(
      doors.cosineDecayRestarts,
      { initialLearningRate: 1, firstDecaySteps: 5 },
      { initialLearningRate: 2, firstDecaySteps: 7, tMul: 3, mMul: 0.5, alpha: 0.3 },
    ),
    meanSquaredError: loss(doors.meanSquaredError, 'values'),
    meanAbsoluteError: loss(doors.meanAbsoluteError, 'values'),
    meanAbsolutePercentageError: loss(doors.meanAbsolutePercentageError, 'values'),
    meanSquaredLogarithmicError: loss(doors.meanSquaredLogarithmicError, 'values'),
    huber: loss(doors.huber, 'values', { delta: 0.1 }),
    logCosh: loss(doors.logCosh, 'values'),
    cosineSimilarity: loss(doors.cosineSimilarity, 'rows', { axis: 0 }),
    poisson: loss(doors.poisson, 'values'),
    klDivergence: loss(doors.klDivergence, 'rows'),
    hinge: loss(doors.hinge, 'bits'),
    squaredHinge: loss(doors.squaredHinge, 'bits'),
    categoricalHinge: loss(doors.categoricalHinge, 'rows'),
    binaryCrossentropy: loss(doors.binaryCrossentropy, 'bits', { fromLogits: true, labelSmoothing: 0.2, axis: 0 }),
    categoricalCrossentropy: loss(doors.categoricalCrossentropy, 'rows', { fromLogits: true, labelSmoothing: 0.2, axis: 0 }),
    sparseCategoricalCrossentropy: loss(doors.sparseCategoricalCrossentropy, 'classes', { fromLogits: true, ignoreClass: 1, axis: 0 }),
    accuracy: metric(doors.accuracy, 'bits'),
    binaryAccuracy: metric(doors.binaryAccuracy, 'bits', { threshold: 0.2 }),
    categoricalAccuracy: metric(doors.categoricalAccuracy, 'rows'),
    sparseCategoricalAccuracy: metric(doors.sparseCategoricalAccuracy, 'classes'),
    topKCategoricalAccuracy: metric(doors.topKCategoricalAccuracy, 'rows', { k: 1 }),
    precision: metric(doors.precision, 'bits', { threshold: 0.1 }),
    recall: metric(doors.recall, 'bits', { threshold: 0.1 }),
    rootMeanSquaredError: metric(doors.rootMeanSquaredError, 'values'),
    cosineSimilarityMetric: metric(doors.cosineSimilarityMetric, 'rows'),
    r2Score: metric(doors.r2Score, 'values'),
    earlyStopping: callbackSubject(
      (options) => earlyStopping({ monitor: 'loss', ...options }),
      [5, 3, 2.9, 3.5, 3.4, 1, 4, 4],
      () => ({
        monitor: 'r2Score',
        minDelta: 0.5,
        mode: 'max',
        patience: 3,
        baseline: beside({ patience: 3 }, 0.1),
        restoreBestWeights: true,
        startFromEpoch: 4,
        verbose: 1,
      }),
    ),
    reduceLROnPlateau: callbackSubject(
      (options) => doors.reduceLROnPlateau({ monitor: 'loss', patience: 1, ...options }),
      [5, 3, 2.9, 3.5, 3.4, 1, 4, 4],
      () => ({ monitor: 'r2Score', minDelta: 0.5, mode: 'max', factor: 0.5, patience: 2, cooldown: 2, minLearningRate: 0.05, verbose: 1 }),
    ),
    terminateOnNaN: callbackSubject(doors.terminateOnNaN, [1, Number.NaN, 1], () => ({ raiseError: true })),
    learningRateScheduler: callbackSubject(
      (options) => doors.learningRateScheduler((epoch) => 0.1 / (epoch + 1), options),
      [2, 1],
      () => ({ verbose: 1 }),
    ),
    progressBar: callbackSubject(
      (options) => doors.progressBar(options as never),
      [2, 1],
      () => ({}),
    ),
    csvLogger: csv,
    ...checkpointSubjects(folder, () => printed),
    createTrainer: trainerSubject(),
    'trainer.fit': STATEFUL_FIT,
    'trainer.evaluate': methodSubject(
      (trainer, options) =>
        trainer.evaluate({ x: 'allowOverlap' in options ? overlapping() : steps(), y: steps().reshape([8, 1]) }, options),
      () => ({ batchSize: 2, ...noting(), allowOverlap: beside({ allowOverlap: false }, true) }),
      () => leakyModel(),
    ),
    'trainer.predict': methodSubject(
      async (trainer, options) => (await trainer.predict('allowOverlap' in options ? overlapping() : steps(), options)).toNested(),
      () => ({ batchSize: 2, ...noting(), allowOverlap: beside({ allowOverlap: false }, true) }),
      () => leakyModel(),
    ),
    'trainer.trainOnBatch': methodSubject(
      (trainer, options) =>
        trainer.trainOnBatch(
          'allowOverlap' in options ? overlapping() : steps(),
          ndarray([[0], [1], [0], [1], [0], [1], [0], [1]]),
          options,
        ),
      () => ({ sampleWeight: [1, 2, 3, 4, 5, 6, 7, 8], classWeight: { 0: 3 }, allowOverlap: beside({ allowOverlap: false }, true) }),
      () => leakyModel(),
    ),
    'trainer.resetStates': methodSubject(
      async (trainer, options) => {
        await trainer.predict(steps());
        trainer.resetStates(options);
        return trainer.states.inference['leaky#0'][0].toNested();
      },
      () => ({ lanes: [1, 2] }),
      () => leakyModel(),
    ),
  },
  without: ['folderStore', 'indexedDbStore', 'lambdaCallback', 'restoreWeights'],
});
