import { CellstateError, checkOptions, type NdArray, splitSeed } from '@cellstate/core';
import { type CallbackList, callbackList } from '../callbacks/callback-list.ts';
import { toBytes } from '../checkpoint/checkpoint-bytes.ts';
import { CHECKPOINT } from '../checkpoint/open-checkpoint.ts';
import { resolveStore } from '../checkpoint/resolve-store.ts';
import { type SavedFit, saveTrainer } from '../checkpoint/trainer-checkpoint.ts';
import type { ArraysInput, BatchSource, SampleData } from '../data/array-input.ts';
import { withClassWeight } from '../data/class-weights.ts';
import { batchFrom, predictData } from '../data/which-data.ts';
import { isStateful } from '../state/check-batch-size.ts';
import type { EvaluateOptions, Trainer } from '../trainer.ts';
import { type PlanOptions, planBatches } from './batch-plan.ts';
import { createRun } from './create-run.ts';
import { rowsOf } from './feed.ts';
import { DEFAULT_BATCH_SIZE, fitRun } from './fit-run.ts';
import { predictRun } from './predict-run.ts';
import { runningLogs } from './running-logs.ts';
import { testRun } from './test-run.ts';
import { trainStep } from './train-step.ts';
import { batchCheck, type TrainerState } from './trainer-state.ts';

/** The trainer that works on this state. */
export function trainerOver(trainer: TrainerState): Trainer {
  const { model, fits } = trainer;
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
        hint:
          name === 'save'
            ? 'Within fit use modelCheckpoint or backupAndRestore, or run.save() in a callback of your own.'
            : 'Await the first call, or use a second trainer.',
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
    return callbackList(
      callbacks,
      createRun(trainer, { initialEpoch: 0, epochs: 1, steps, verbose: 0, validates: false, resumed: null, requests: null }),
    );
  }

  return {
    fit: (data, fitOptions = {}) =>
      alone('fit', async () => {
        fits.history = await fitRun(trainer, data, fitOptions);
        return fits.history;
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
        checkNoneInterrupted(fits.interrupted, 'trainOnBatch');
        checkOptions(batchOptions, ['sampleWeight', 'classWeight', 'allowOverlap'], 'trainOnBatch');
        const { allowOverlap = false, classWeight, sampleWeight } = batchOptions;
        const given = await batchFrom(model, { x, y, sampleWeight });
        const batch = classWeight === undefined ? given : withClassWeight(given, classWeight);
        batchCheck(trainer, { allowOverlap, where: 'trainOnBatch' })(batch, { rows: rowsOf(batch), several: true });
        const parts = { ...trainer, state: trainer.states.training };
        const { sums, objective: used } = await trainStep(parts, batch, {
          seed: splitSeed(trainer.seed, trainer.counters.steps),
          parameters: model.parameters,
        });
        trainer.counters.steps++;
        const logs = runningLogs();
        logs.add(sums, used);
        return logs.logs();
      }),
    save: (store) =>
      alone('save', async () => {
        const place = resolveStore(store, 'save');
        await place.write(CHECKPOINT, toBytes(await saveTrainer(trainer, fits.interrupted)));
      }),
    get interrupted() {
      return fits.interrupted === null ? null : { epoch: fits.interrupted.epoch, batch: fits.interrupted.batch };
    },
    resetStates(resetOptions = {}) {
      checkOptions(resetOptions, ['lanes'], 'resetStates');
      for (const state of [trainer.states.training, trainer.states.inference]) state.reset(resetOptions.lanes);
    },
    get states() {
      return { training: trainer.states.training.read(), inference: trainer.states.inference.read() };
    },
    get history() {
      return fits.history;
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

/** Steps in between would move what an interrupted fit goes on from. */
function checkNoneInterrupted(interrupted: SavedFit | null, where: string): void {
  if (interrupted === null) return;
  throw new CellstateError('FIT_INTERRUPTED', 'An interrupted fit waits to be gone on with.', {
    expected: 'a call of fit',
    received: `a call of ${where}`,
    where,
    hint: "Resume with interruptedFit: 'drop' to forget it.",
  });
}
