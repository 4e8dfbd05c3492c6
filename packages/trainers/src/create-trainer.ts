import { CellstateError, checkOptions, type NdArray, random, splitSeed } from '@cellstate/core';
import { type CallbackList, callbackList } from './callbacks/callback-list.ts';
import type { History } from './callbacks/history.ts';
import type { ArraysInput, BatchSource, SampleData } from './data/array-input.ts';
import { withClassWeight } from './data/class-weights.ts';
import { batchFrom, predictData } from './data/which-data.ts';
import { optimizerMemory } from './optimizers/optimizer-memory.ts';
import { resolveOptimizer } from './optimizers/resolve-optimizer.ts';
import { fromSettings } from './settings/from-settings.ts';
import type { TrainerSettings } from './settings/trainer-settings.ts';
import { carriedState } from './state/carried-state.ts';
import { isStateful } from './state/check-batch-size.ts';
import type { TrainableModel } from './trainable-model.ts';
import type { EvaluateOptions, Trainer, TrainerOptions } from './trainer.ts';
import { type PlanOptions, planBatches } from './training/batch-plan.ts';
import { createRun } from './training/create-run.ts';
import { rowsOf } from './training/feed.ts';
import { DEFAULT_BATCH_SIZE, fitRun } from './training/fit-run.ts';
import { createObjective, type Objective } from './training/objective.ts';
import { predictRun } from './training/predict-run.ts';
import { runningLogs } from './training/running-logs.ts';
import { testRun } from './training/test-run.ts';
import { trainStep } from './training/train-step.ts';
import { batchCheck, type TrainerState } from './training/trainer-state.ts';
import { warnings } from './warnings.ts';

/**
 * Makes a trainer for a model: the models of @cellstate/layers, or anything that satisfies `TrainableModel`.
 *
 * @param model owned by the caller; the trainer changes its parameters and nothing else.
 * @param options definitions made by factories, Keras' names, or plain data `{ name: 'adam', learningRate: 0.01 }`, as the `compileConfig` of a
 * model from @cellstate/keras.
 * @returns a `Trainer`, which carries the state of stateful layers from batch to batch.
 * @throws CellstateError `INVALID_MODEL`, `UNKNOWN_OPTION`, `UNKNOWN_OPTIMIZER`, `INVALID_SEED`; losses and metrics are resolved at the first
 * pass, when the outputs are known: `UNKNOWN_LOSS`, `UNKNOWN_METRIC`, `WRONG_COUNT`, `UNKNOWN_NAME`.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { createTrainer, sgd } from '@cellstate/trainers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * // y = slope · x, written by hand; models of @cellstate/layers fit the same interface.
 * const slope = tf.variable(tf.scalar(0));
 * const model = {
 *   parameters: [{ path: 'slope', variable: slope, trainable: true }],
 *   initialState: () => ({}),
 *   call: (x) => ({ outputs: tf.mul(x, slope), state: {}, masks: [null], penalties: [], updates: [] }),
 * };
 * const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 0.1 }), loss: 'mse' });
 * await trainer.fit({ x: [[1], [2]], y: [[3], [6]] }, { epochs: 50, batchSize: 2, shuffle: false });
 * Math.round((await trainer.predict([[10]])).at(0, 0)); // → 30
 * ```
 */
export function createTrainer(model: TrainableModel, options: TrainerOptions | TrainerSettings = {}): Trainer {
  checkOptions(options, ['optimizer', 'loss', 'lossWeights', 'metrics', 'weightedMetrics', 'seed'], 'createTrainer');
  if (typeof model?.call !== 'function') {
    throw new CellstateError('INVALID_MODEL', 'There is no model to train.', {
      expected: 'a model of @cellstate/layers, or anything that satisfies TrainableModel',
      received: model === null ? 'null' : typeof model,
      where: 'createTrainer',
    });
  }
  const { optimizer = 'rmsprop', seed = 0, ...goals } = fromSettings(options);
  // Throws for what is no seed.
  random(seed);
  let objective: Objective | undefined;
  const trainer: TrainerState = {
    model,
    seed,
    optimizer: optimizerMemory(resolveOptimizer(optimizer)),
    states: { training: carriedState(model), inference: carriedState(model), validation: carriedState(model) },
    warnings: warnings(),
    objectiveFor(names) {
      if (objective === undefined || !sameNames(objective.names, names)) objective = createObjective(names, goals);
      return objective;
    },
    latestObjective: () => objective,
    counters: { epochs: 0, steps: 0 },
  };
  let history: History | null = null;
  let running: string | null = null;
  let disposed = false;

  /** Two calls at once would mix their states and steps. */
  async function alone<T>(name: string, run: () => Promise<T>): Promise<T> {
    if (disposed) {
      throw new CellstateError('TRAINER_DISPOSED', 'The trainer was disposed.', {
        expected: 'a trainer in use',
        received: name,
        where: name,
      });
    }
    if (running !== null) {
      throw new CellstateError('TRAINER_BUSY', 'A trainer does one thing at a time.', {
        expected: `the end of ${running}`,
        received: `a call of ${name}`,
        where: name,
        hint: 'Await the first call, or use a second trainer.',
      });
    }
    running = name;
    try {
      return await run();
    } finally {
      running = null;
    }
  }

  /** How evaluate and predict cut samples: a stateful model takes all rows at once unless it has its own batch size. */
  function inferencePlan({ batchSize, allowOverlap = false }: EvaluateOptions, where: string): PlanOptions {
    return {
      model,
      batchSize,
      fallback: (rows) => (isStateful(model) ? rows : DEFAULT_BATCH_SIZE),
      check: batchCheck(trainer, { allowOverlap, where }),
      where,
    };
  }

  function listeners({ callbacks = [] }: EvaluateOptions, steps: number | null): CallbackList {
    return callbackList(callbacks, createRun(trainer, { initialEpoch: 0, epochs: 1, steps, verbose: 0, validates: false }));
  }

  return {
    fit: (data, fitOptions = {}) =>
      alone('fit', async () => {
        history = await fitRun(trainer, data, fitOptions);
        return history;
      }),
    evaluate: (data, evaluateOptions = {}) =>
      alone('evaluate', async () => {
        checkOptions(evaluateOptions, EVALUATE_OPTIONS, 'evaluate');
        const plan = await planBatches(data, inferencePlan(evaluateOptions, 'evaluate'));
        const callbacks = listeners(evaluateOptions, plan.steps);
        const logs = await testRun({ ...trainer, state: trainer.states.inference }, { plan, callbacks, epoch: 0, where: 'evaluate' });
        return logs.logs();
      }),
    predict: <T extends NdArray | NdArray[] | Record<string, NdArray> = NdArray>(
      x: ArraysInput | SampleData | BatchSource,
      predictOptions: EvaluateOptions = {},
    ) =>
      alone('predict', async () => {
        checkOptions(predictOptions, EVALUATE_OPTIONS, 'predict');
        const plan = await planBatches(predictData(x), inferencePlan(predictOptions, 'predict'));
        return (await predictRun(
          { model, state: trainer.states.inference },
          { plan, callbacks: listeners(predictOptions, plan.steps) },
        )) as T;
      }),
    trainOnBatch: (x, y, batchOptions = {}) =>
      alone('trainOnBatch', async () => {
        const { allowOverlap = false, classWeight, ...rest } = batchOptions;
        checkOptions(rest, ['sampleWeight'], 'trainOnBatch');
        const given = await batchFrom(model, { x, y, sampleWeight: rest.sampleWeight });
        const batch = classWeight === undefined ? given : withClassWeight(given, classWeight);
        batchCheck(trainer, { allowOverlap, where: 'trainOnBatch' })(batch, { rows: rowsOf(batch), several: true });
        const parts = { ...trainer, state: trainer.states.training };
        const { sums, objective: used } = await trainStep(parts, batch, {
          seed: splitSeed(seed, trainer.counters.steps),
          parameters: model.parameters,
        });
        trainer.counters.steps++;
        const logs = runningLogs();
        logs.add(sums, used);
        return logs.logs();
      }),
    resetStates(resetOptions = {}) {
      checkOptions(resetOptions, ['lanes'], 'resetStates');
      for (const state of [trainer.states.training, trainer.states.inference]) state.reset(resetOptions.lanes);
    },
    get states() {
      return { training: trainer.states.training.read(), inference: trainer.states.inference.read() };
    },
    get history() {
      return history;
    },
    get steps() {
      return trainer.counters.steps;
    },
    get learningRate() {
      return trainer.optimizer.learningRate;
    },
    set learningRate(rate) {
      trainer.optimizer.learningRate = rate;
    },
    dispose() {
      disposed = true;
      for (const state of Object.values(trainer.states)) state.reset();
    },
  };
}

const EVALUATE_OPTIONS: readonly (keyof EvaluateOptions)[] = ['batchSize', 'callbacks', 'allowOverlap'];

function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, i) => name === b[i]);
}
