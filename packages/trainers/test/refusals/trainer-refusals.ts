import { type Batch, ndarray } from '@cellstate/core';
import type { Refusal } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import {
  createTrainer,
  type FitOptions,
  type LossFunction,
  sparseCategoricalCrossentropy,
  type Trainer,
  type TrainerOptions,
} from '../../src/index.ts';
import { leakyModel, linearModel, type OwnedModel } from '../hand-written-models.ts';

const anything = (value: unknown) => value as never;
const rows = (count: number, steps = 1) => ndarray(Array.from({ length: count }, () => Array.from({ length: steps }, () => [0.5])));
const targets = (count: number) => ndarray(Array.from({ length: count }, (_, i) => [i / 7]));
const x = [[1, 2]];
const y = [1];
const samples = (count: number) => ({ x: rows(count), y: targets(count) });
const overlapping = () => ({ x: ndarray(rows(4, 3).data, [4, 3, 1], { source: 'slidingWindows', length: 3, stride: 1 }), y: targets(4) });

/** Does something with a new trainer and frees it. */
async function withTrainer<T>(
  model: OwnedModel,
  act: (trainer: Trainer) => T,
  options: TrainerOptions = { loss: 'mse' },
): Promise<Awaited<T>> {
  const trainer = createTrainer(model, options);
  try {
    return await act(trainer);
  } finally {
    trainer.dispose();
    model.dispose();
  }
}

const linear = (act: (trainer: Trainer) => unknown, options?: TrainerOptions) => withTrainer(linearModel(), act, options);
const stateful = (act: (trainer: Trainer) => unknown, settings: Parameters<typeof leakyModel>[0] = {}) =>
  withTrainer(leakyModel(settings), act);
const fitBy = (options: object) => linear((trainer) => trainer.fit({ x, y }, options as FitOptions));
const goals = (options: TrainerOptions) => linear((trainer) => trainer.fit({ x, y }), options);
const batch = (rest: object) =>
  linear((trainer) => trainer.trainOnBatch({ x: rows(1, 2).reshape([1, 2]), y: targets(1), ...rest } as Batch));

/** A model that declares a stateful call and gives no state for it, at the end or at the start. */
function forgetful(part: 'call' | 'initialState'): OwnedModel {
  const model = leakyModel();
  if (part === 'initialState') return { ...model, initialState: () => ({}) };
  return { ...model, call: (...args) => ({ ...model.call(...args), state: {} }) };
}

/** What a trainer refuses when it is made. */
export const MAKING_REFUSALS: readonly Refusal[] = [
  ['an unknown option of a trainer', () => createTrainer(linearModel(), anything({ optimiser: 'adam' }))],
  ['no model', () => createTrainer(anything(null))],
  ['an optimizer that is misspelt', () => createTrainer(linearModel(), { optimizer: 'adan' })],
  ['an optimizer that is none', () => createTrainer(linearModel(), { optimizer: anything({}) })],
  ['a seed with a fraction', () => createTrainer(linearModel(), { seed: 0.5 })],
  ['no loss', () => goals({})],
  ['no loss for any output', () => goals({ loss: [null] })],
  ['two losses for one output', () => goals({ loss: ['mse', 'mae'] })],
  ['a loss for an output that is not there', () => goals({ loss: { forecast: 'mse' } })],
  ['a loss that is misspelt', () => goals({ loss: 'meanSquareError' })],
  ['a loss of another word', () => goals({ loss: 'colourfulness' })],
  ['a metric that is misspelt', () => goals({ loss: 'mse', metrics: ['meanAbsoluteEror'] })],
  ['a metric that comes twice', () => goals({ loss: 'mse', metrics: ['mae', 'mae'] })],
];

/** What training refuses, data and options. */
export const FIT_REFUSALS: readonly Refusal[] = [
  ['an unknown option of fit', () => fitBy({ epoch: 3 })],
  ['half an epoch', () => fitBy({ epochs: 0.5 })],
  ['no batch', () => fitBy({ batchSize: 0 })],
  ['a verbosity that is none', () => fitBy({ verbose: 3 })],
  ['two sources of validation', () => fitBy({ validationSplit: 0.5, validationData: { x, y } })],
  ['how often to validate what is not there', () => fitBy({ validationFreq: 2 })],
  ['a split of one sample', () => fitBy({ validationSplit: 0.5 })],
  [
    'weights of classes beside weights of samples',
    () => linear((trainer) => trainer.fit({ x, y, sampleWeight: [1] }, { classWeight: { 0: 1 } })),
  ],
  [
    'weights of classes for no target',
    () => linear((trainer) => trainer.fit({ x, y: [ndarray([[1]]), ndarray([[1]])] }, { classWeight: { 0: 1 } })),
  ],
  ['nothing to train on', () => linear((trainer) => trainer.fit(anything({})))],
  ['null for an array', () => linear((trainer) => trainer.trainOnBatch(anything(null), anything(null)))],
  ['samples under a name that nothing reads', () => linear((trainer) => trainer.fit(anything({ x, y, sampleWeights: [1] })))],
  ['a batch for samples', () => linear((trainer) => trainer.fit(anything({ x, y, lengths: Int32Array.of(1) })))],
  ['samples without a row', () => linear((trainer) => trainer.fit({ x: [] as number[], y: [] }))],
  ['fewer targets than samples', () => linear((trainer) => trainer.fit({ x, y: [1, 2] }))],
  ['samples without targets', () => linear((trainer) => trainer.fit({ x }))],
  [
    'a metric without a target',
    () =>
      withTrainer(twoOutputs(), (trainer) => trainer.evaluate({ x, y: { output_0: y } }), {
        loss: { output_0: 'mse' },
        metrics: { output_1: 'mae' },
      }),
  ],
  ['a list that holds no batch', () => linear((trainer) => trainer.fit(anything([7])))],
  ['no batches', () => linear((trainer) => trainer.fit([]))],
  ['no batches to evaluate', () => linear((trainer) => trainer.evaluate([]))],
  ['no batches to predict', () => linear((trainer) => trainer.predict((function* () {})()))],
  ['options for batches that are made', () => linear((trainer) => trainer.fit([{ x: ndarray(x), y: ndarray([[1]]) }], { shuffle: true }))],
  ['a batch with fewer targets than rows', () => batch({ y: targets(2) })],
  ['a list of a batch with fewer targets than rows', () => linear((trainer) => trainer.fit([{ x: ndarray(x), y: targets(2) }]))],
  ['a batch with one mask of two', () => batch({ mask: [ndarray([[1, 1]]), ndarray([[1, 1]])] })],
  [
    'a batch without one of its inputs',
    () => withTrainer(named(), (trainer) => trainer.trainOnBatch({ x: { times: ndarray(x) }, y: targets(1) })),
  ],
  [
    'a mask of other steps than the lengths have',
    () => stateful((trainer) => trainer.trainOnBatch({ ...samples(1), lengths: Int32Array.of(0), mask: ndarray([[true, true]]) })),
  ],
  ['lengths longer than the steps', () => stateful((trainer) => trainer.trainOnBatch({ ...samples(1), lengths: Int32Array.of(2) }))],
  ['a target of another shape', () => linear((trainer) => trainer.fit({ x, y: [[1, 2, 3]] }))],
  [
    'classes of another shape',
    () => linear((trainer) => trainer.fit({ x, y: [[1, 2, 3]] }, {}), { loss: 'sparseCategoricalCrossentropy' }),
  ],
  [
    'classes along another axis than the last',
    () => linear((trainer) => trainer.fit({ x, y: [[0]] }), { loss: sparseCategoricalCrossentropy({ axis: -2 }) }),
  ],
  ['a class that is none', () => linear((trainer) => trainer.fit({ x, y: [[7]] }), { loss: 'sparseCategoricalCrossentropy' })],
  ['weights of another shape', () => linear((trainer) => trainer.fit({ x, y, sampleWeight: [[1, 2]] }))],
  ['weights for a loss of one number', () => linear((trainer) => trainer.fit({ x, y, sampleWeight: [1] }), { loss: whole })],
  ['a second call at once', busy],
  ['a disposed trainer', disposed],
];

/** Gives one number for the whole batch. */
const whole: LossFunction = (target, prediction) => tf.mean(tf.squaredDifference(target, prediction));

/** Two outputs, of which the first alone has a loss and the second a metric. */
function twoOutputs(): OwnedModel {
  const model = linearModel();
  return {
    ...model,
    call: (...args) => {
      const result = model.call(...args);
      return { ...result, outputs: [result.outputs as tf.Tensor, tf.clone(result.outputs as tf.Tensor)], masks: [null, null] };
    },
  };
}

/** A linear model whose inputs have names. */
function named(): OwnedModel {
  const ports = ['tokens', 'times'].map((name) => ({ name, shape: [null, 2], dtype: 'float32' as const }));
  return linearModel({ inputs: ports });
}

async function busy(): Promise<unknown> {
  const model = linearModel();
  const trainer = createTrainer(model, { loss: 'mse' });
  const first = trainer.fit({ x, y });
  try {
    return await trainer.predict(x);
  } finally {
    await first;
  }
}

async function disposed(): Promise<unknown> {
  const trainer = createTrainer(linearModel());
  trainer.dispose();
  return trainer.predict(x);
}

/** What carrying state refuses. */
export const STATE_REFUSALS: readonly Refusal[] = [
  ['a shuffle under state', () => stateful((trainer) => trainer.fit(samples(4), { batchSize: 2, shuffle: true }))],
  ['overlapping windows under state', () => stateful((trainer) => trainer.fit(overlapping(), { batchSize: 1 }))],
  ['rows that do not fill whole batches', () => stateful((trainer) => trainer.fit(samples(10), { batchSize: 4 }))],
  ['another batch size than the pinned', () => stateful((trainer) => trainer.fit(samples(8), { batchSize: 2 }), { batchSize: 4 })],
  [
    'a batch size that changes',
    () =>
      stateful(async (trainer) => {
        await trainer.trainOnBatch(samples(2));
        await trainer.trainOnBatch(samples(3));
      }),
  ],
  ['starts of other lanes', () => stateful((trainer) => trainer.trainOnBatch({ ...samples(2), starts: Uint8Array.of(1) }))],
  [
    'a lane that is not there',
    () =>
      stateful(async (trainer) => {
        await trainer.trainOnBatch(samples(2));
        trainer.resetStates({ lanes: [2] });
      }),
  ],
  ['an unknown option of resetStates', () => stateful((trainer) => trainer.resetStates(anything({ lane: 1 })))],
  ['a model that gives no state back', () => withTrainer(forgetful('call'), (trainer) => trainer.trainOnBatch(samples(1)))],
  [
    'a model without an initial state',
    () =>
      withTrainer(forgetful('initialState'), async (trainer) => {
        await trainer.trainOnBatch(samples(2));
        await trainer.trainOnBatch({ ...samples(2), starts: Uint8Array.of(1, 0) });
      }),
  ],
];
