import type { Refusal } from '@cellstate/testing';
import { vi } from 'vitest';
import { toBytes } from '../../src/checkpoint/checkpoint-bytes.ts';
import {
  adam,
  backupAndRestore,
  type Callback,
  type CheckpointStore,
  createTrainer,
  earlyStopping,
  type FitOptions,
  indexedDbStore,
  type ModelCheckpointOptions,
  meanSquaredError,
  modelCheckpoint,
  type Optimizer,
  restoreWeights,
  resume,
  type Saved,
  sgd,
  type TrainerOptions,
  tensorBoard,
} from '../../src/index.ts';
import { openEventFile } from '../../src/node/event-file.browser.ts';
import { readFolderFile, replaceFolderFile } from '../../src/node/folder-files.browser.ts';
import { leakyModel, linearModel, type OwnedModel } from '../hand-written-models.ts';
import { memoryFileSystem } from '../memory-file-system.ts';
import { memoryStore, storeOf } from '../memory-store.ts';

const anything = (value: unknown) => value as never;
const x = [
  [1, 2],
  [3, 4],
];
const y = [1, 2];

/** Does something with a model and frees it. */
async function withModel<T>(model: OwnedModel, act: (model: OwnedModel) => T): Promise<Awaited<T>> {
  try {
    return await act(model);
  } finally {
    model.dispose();
  }
}

/** A fit of two epochs of two batches. */
const fitBy = (callbacks: readonly Callback[], { goals, ...options }: FitOptions & { goals?: TrainerOptions } = {}) =>
  withModel(linearModel(), (model) =>
    createTrainer(model, { loss: 'mse', ...goals }).fit({ x, y }, { batchSize: 1, epochs: 2, verbose: 0, ...options, callbacks }),
  );

/** Asks for a checkpoint after the first batch of each epoch. */
function savingTo(store: CheckpointStore, rest: Callback = {}): Callback {
  return {
    ...rest,
    setRun(run) {
      this.onBatchEnd = (batch: number) => void (batch === 0 && run.save(store));
    },
  };
}

/** A checkpoint while a callback remembers this. */
const remembering = (memory: unknown) =>
  fitBy([savingTo(memoryStore(), { memory: { name: 'mine', save: () => memory as Saved, restore() {} } })]);

/** A checkpoint of a trainer that took a step. */
async function saved(options: TrainerOptions = {}, model: OwnedModel = linearModel()): Promise<CheckpointStore> {
  const store = memoryStore();
  await withModel(model, async () => {
    const trainer = createTrainer(model, { loss: 'mse', ...options });
    await trainer.trainOnBatch(model.statefulCalls === undefined ? x : [[[1]], [[2]]], y);
    await trainer.save(store);
    trainer.dispose();
  });
  return store;
}

async function resumed(store: CheckpointStore | Promise<CheckpointStore>, options: object = {}, model = linearModel()): Promise<unknown> {
  const place = await store;
  return withModel(model, () => resume(place, model, options));
}

/** A backup of a fit whose process died in its second epoch, by the program that began it. */
async function backup(
  callbacks: readonly Callback[] = [],
  options: FitOptions & { goals?: TrainerOptions } = {},
): Promise<CheckpointStore> {
  const store = memoryStore();
  const dying: Callback = {
    onEpochEnd(epoch) {
      if (epoch === 1) throw new Error('the power failed');
    },
  };
  await fitBy([backupAndRestore(store), ...callbacks, dying], options).catch(() => undefined);
  return store;
}

/** Runs another program on that backup. */
async function goOn(store: Promise<CheckpointStore>, options: Parameters<typeof fitBy>[1] = {}): Promise<unknown> {
  return fitBy([backupAndRestore(await store)], options);
}

async function fewerBatches(): Promise<unknown> {
  const store = await backup();
  return withModel(linearModel(), (model) =>
    createTrainer(model, { loss: 'mse' }).fit({ x: [[1, 2]], y: [1] }, { verbose: 0, callbacks: [backupAndRestore(store)] }),
  );
}

async function stepWithinFit(): Promise<unknown> {
  const store = await backup();
  return withModel(linearModel(), async (model) => (await resume(store, model)).trainOnBatch(x, y));
}

async function weightsAlone(): Promise<CheckpointStore> {
  const store = memoryStore();
  await fitBy([modelCheckpoint(store, { saveWeightsOnly: true })]);
  return store;
}

function damaged(change: (bytes: Uint8Array) => void): CheckpointStore {
  const bytes = toBytes({ kind: 'weights', parameters: [] });
  change(bytes);
  return storeOf(bytes);
}

/** An optimizer of a caller's own, which has as many slots as the momentum asks for. */
const own = (momentum: number): Optimizer => ({ ...sgd({ momentum }), name: 'mine' });

async function fullDisk(): Promise<void> {
  vi.stubGlobal('navigator', { storage: memoryFileSystem({ room: 3 }) });
  try {
    await replaceFolderFile('runs/lstm', { name: 'checkpoint.cellstate', bytes: new Uint8Array(4) });
  } finally {
    vi.unstubAllGlobals();
  }
}

const kept = (options: object, path: string | CheckpointStore = 'runs/best') => modelCheckpoint(path, options as ModelCheckpointOptions);
const secondState = (): OwnedModel => ({ ...leakyModel(), statefulCalls: ['leaky#0', 'other#0'] });

/** What checkpoints, their stores and the callbacks that write files refuse. */
export const CHECKPOINT_REFUSALS: readonly Refusal[] = [
  ['a path with a value that is no log', () => fitBy([modelCheckpoint('runs/{val_loss}')])],
  ['a path with a value in a format that is none', () => fitBy([modelCheckpoint('runs/{epoch:x}')])],
  ['the best of what batches do not have', () => kept({ saveBestOnly: true, saveFreq: 5 })],
  ['weights alone in a file of another format', () => kept({ saveModel() {}, saveWeightsOnly: true })],
  ['a file of another format in a store', () => kept({ saveModel() {} }, memoryStore())],
  ['a checkpoint in a file of Keras', () => kept({}, 'best.keras')],
  ['a checkpoint after no batch', () => kept({ saveFreq: 0 })],
  ['events after half a batch', () => tensorBoard('logs', { updateFreq: 0.5 })],
  ['an unknown option of tensorBoard', () => tensorBoard('logs', anything({ updateFrequency: 1 }))],
  ['event files in a browser', () => openEventFile('logs')],
  ['no place for a checkpoint', () => withModel(linearModel(), (model) => createTrainer(model).save(anything(null)))],
  ['a folder without a name', () => backupAndRestore('')],
  ['a database where there is none', () => indexedDbStore('tanks').read('checkpoint')],
  ['a folder where there is no file system', () => readFolderFile('runs/lstm', 'checkpoint.cellstate')],
  ['a checkpoint without room', fullDisk],
  ['a memory of nothing', () => remembering([undefined])],
  ['a memory in a map', () => remembering({ seen: new Map() })],
  ['a memory in an array that no checkpoint holds', () => remembering({ seen: new Uint16Array(1) })],
  ['a place without a checkpoint', () => resumed(memoryStore())],
  ['a file that is no checkpoint', () => resumed(storeOf(new TextEncoder().encode('{"weights": [1, 2, 3], "bias": [0.5]}')))],
  ['half a checkpoint', () => resumed(storeOf(toBytes({ kind: 'weights', parameters: [] }).subarray(0, 40)))],
  ['a checkpoint with a changed bit', () => resumed(damaged((bytes) => (bytes[bytes.length - 1] ^= 1)))],
  ['a checkpoint of a later version', () => resumed(damaged((bytes) => (bytes[8] = 9)))],
  ['weights for a trainer', () => resumed(weightsAlone())],
  ['a checkpoint of another model', () => resumed(saved(), {}, leakyModel())],
  [
    'weights of a larger model',
    async () => {
      const store = await saved();
      return withModel(linearModel({ kernel: [[1], [2], [3]] }), (model) => restoreWeights(store, model));
    },
  ],
  ['an unknown option of resume', () => resumed(saved(), { interrupted: 'drop' })],
  ['an interrupted fit that is neither gone on with nor dropped', () => resumed(saved(), { interruptedFit: 'stop' })],
  ['another seed than the saved', () => resumed(saved({ seed: 3 }), { seed: 4 })],
  ['a loss of the caller that is not given again', () => resumed(saved({ loss: { ...meanSquaredError(), name: 'mine' } }))],
  ['an optimizer of the caller with other slots', () => resumed(saved({ optimizer: own(0.9) }), { optimizer: own(0) })],
  ['a state that the checkpoint does not have', () => resumed(saved({}, leakyModel()), {}, secondState())],
  ['a callback of evaluate that saves', savingWhileEvaluating],
  ['a step while a fit is interrupted', stepWithinFit],
  ['a backup of another loss', () => goOn(backup(), { goals: { loss: 'mae' } })],
  ['a backup of a trainer with a metric, and none now', () => goOn(backup([], { goals: { metrics: ['mae'] } }))],
  ['a backup of another order', () => goOn(backup(), { shuffle: false })],
  ['a backup of more batches', fewerBatches],
  ['a backup without validation', () => goOn(backup(), { validationData: { x, y } })],
  ['a backup with another callback', () => goOn(backup([earlyStopping({ monitor: 'loss' })]))],
  ['an optimizer in plain settings that is none', () => createTrainer(linearModel(), { optimizer: { name: 'adagrat' } })],
  [
    'a schedule in plain settings that is none',
    () => createTrainer(linearModel(), { optimizer: { name: 'adam', learningRate: { name: 'steps' } } }),
  ],
  ['an optimizer that differs from the saved', () => resumed(saved({ optimizer: adam() }), { optimizer: adam({ beta1: 0.8 }) })],
];

function savingWhileEvaluating(): Promise<unknown> {
  const saving: Callback = {
    setRun(run) {
      this.onTestEnd = () => run.save(memoryStore());
    },
  };
  return withModel(linearModel(), (model) => createTrainer(model, { loss: 'mse' }).evaluate({ x, y }, { callbacks: [saving] }));
}
