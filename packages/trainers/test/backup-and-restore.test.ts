import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  type BackupAndRestoreOptions,
  backupAndRestore,
  type Callback,
  createTrainer,
  csvLogger,
  earlyStopping,
  type FitOptions,
  sgd,
  type Trainer,
  type TrainerOptions,
} from '../src/index.ts';
import { leakyModel, linearModel } from './hand-written-models.ts';
import { memoryStore } from './memory-store.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

const data = {
  x: [
    [1, 2],
    [3, 4],
    [5, 6],
    [7, 9],
  ],
  y: [1, 2, 4, 3],
};

/** Dies at a batch, counted over all epochs of one process. */
function dyingAt(step: number): Callback {
  let steps = 0;
  return {
    onBatchEnd() {
      if (++steps === step) throw new Error('the power failed');
    },
  };
}

/** One process: the same program each time. */
async function program(callbacks: readonly Callback[], { options = {}, fit = {} }: { options?: TrainerOptions; fit?: FitOptions } = {}) {
  const model = linearModel();
  const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 0.001, momentum: 0.9 }), loss: 'mse', seed: 3, ...options });
  try {
    const history = await trainer.fit(data, { batchSize: 1, epochs: 3, verbose: 0, ...fit, callbacks });
    return { history, weights: model.parameters.map(({ variable }) => [...variable.dataSync()]), steps: trainer.steps };
  } finally {
    model.dispose();
  }
}

describe('backupAndRestore', () => {
  test.each([
    ['epoch', 'epoch'],
    ['every third batch', 3],
    ['every batch', 1],
  ] as const)('by %s, a program run again goes on to the same end', async (_, saveFreq) => {
    const whole = await program([earlyStopping({ monitor: 'loss', patience: 2 })]);
    const store = memoryStore();
    const again = (death: number) =>
      program([backupAndRestore(store, { saveFreq }), earlyStopping({ monitor: 'loss', patience: 2 }), dyingAt(death)]);
    await expect(again(7)).rejects.toThrowError('the power failed');
    expect(store.entries.size).toBe(1);
    await expect(again(3)).rejects.toThrowError('the power failed');
    expect(await again(99)).toEqual(whole);
    expect(store.entries.size).toBe(0);
  });

  test('the backup may stay; then the next run has nothing left to do', async () => {
    const store = memoryStore();
    const run = () => program([backupAndRestore(store, { deleteCheckpoint: false })]);
    const first = await run();
    expect(store.entries.size).toBe(1);
    expect(await run()).toEqual(first);
    const longer = await program([backupAndRestore(store, { deleteCheckpoint: false })], { fit: { epochs: 5 } });
    expect(longer).toEqual(await program([], { fit: { epochs: 5 } }));
  });

  test('a folder is there while training runs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cellstate-'));
    const place = join(folder, 'deep', 'backup');
    const seen: string[][] = [];
    await program([backupAndRestore(place), { onEpochBegin: (epoch) => void (epoch > 0 && seen.push(readdirSync(place))) }]);
    expect(seen).toEqual([['checkpoint.cellstate'], ['checkpoint.cellstate']]);
    expect(readdirSync(join(folder, 'deep'))).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  test('a log in a file has no epoch twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cellstate-'));
    const file = join(folder, 'log.csv');
    const store = memoryStore();
    const callbacks = (death: number) => [backupAndRestore(store, { saveFreq: 3 }), csvLogger(file), dyingAt(death)];
    // Backed up after batch 6 of 12; the second epoch was logged after that.
    await expect(
      program([
        ...callbacks(99),
        {
          onEpochEnd: (epoch) => {
            if (epoch === 1) throw new Error('dead');
          },
        },
      ]),
    ).rejects.toThrowError('dead');
    expect(readFileSync(file, 'utf8').match(/\r\n/g)).toHaveLength(3);
    const { history } = await program(callbacks(99));
    const lines = readFileSync(file, 'utf8')
      .trim()
      .split('\r\n')
      .map((line) => line.split(',').slice(0, 2).join());
    expect(lines).toEqual(['epoch,loss', ...history.history.loss.map((loss, epoch) => `${epoch},${loss}`)]);
    rmSync(folder, { recursive: true });
  });

  test('of two checkpoints the one before serves when the last is damaged', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const store = memoryStore();
    const run = (death: number, options: BackupAndRestoreOptions = { doubleCheckpoint: true }) =>
      program([backupAndRestore(store, { saveFreq: 2, ...options }), dyingAt(death)]);
    await expect(run(9)).rejects.toThrowError('the power failed');
    expect([...store.entries.keys()].sort()).toEqual(['checkpoint', 'previous']);
    const damaged = store.entries.get('checkpoint') as Uint8Array;
    damaged[50] ^= 1;
    await expect(run(99, {})).rejects.toThrowError(expect.objectContaining({ code: 'CHECKPOINT_CORRUPT' }));
    // A damaged one must not take the place of the sound one before it.
    await expect(run(2)).rejects.toThrowError('the power failed');
    damaged[50] ^= 1;
    expect(await run(99)).toEqual(await program([]));
    expect(warn.mock.calls.flat()).toContain('cellstate: the last checkpoint in memory is damaged; going on from the one before it.');
    expect(store.entries.size).toBe(0);
  });

  test('another trainer, other data, other callbacks are refused, and nothing is changed', async () => {
    const store = memoryStore();
    const backup = () => backupAndRestore(store);
    await expect(program([backup(), earlyStopping({ monitor: 'loss' }), dyingAt(6)])).rejects.toThrowError('the power failed');
    const code = (error: string) => expect.objectContaining({ code: error });
    await expect(program([backup(), earlyStopping({ monitor: 'loss' })], { options: { seed: 4 } })).rejects.toThrowError(
      code('CHECKPOINT_DIFFERS'),
    );
    await expect(program([backup()], { options: { optimizer: 'adam' } })).rejects.toThrowError(code('CHECKPOINT_DIFFERS'));
    await expect(program([backup()], { fit: { shuffle: false } })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Option 'shuffle' is not what it was when the checkpoint was saved. [RESUMED_FIT_DIFFERS]
        expected: no shuffle
        received: false
        where: fit, going on with an interrupted one
        hint: Leave it out: what is saved is used.]
    `);
    await expect(program([backup()], { fit: { validationData: data } })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: What is to be gone on with was begun otherwise. [RESUMED_FIT_DIFFERS]
        expected: no data to validate on
        received: some
        where: fit, going on with an interrupted one
        hint: resume(folder, model, { interruptedFit: 'drop' }) starts a new fit from these weights.]
    `);
    await expect(program([backup()])).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The callbacks are not those of the interrupted run. [CALLBACKS_DIFFER]
        expected: backupAndRestore, earlyStopping, history
        received: backupAndRestore, history
        where: fit, going on with an interrupted one
        hint: Give callbacks of the same kinds in the same order; those without a memory do not matter.]
    `);
    const model = leakyModel();
    const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 0.001, momentum: 0.9 }), loss: 'mse', seed: 3 });
    await expect(trainer.fit([], { callbacks: [backup()] })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The checkpoint is of another model. [CHECKPOINT_DIFFERS]
        expected: kernel [2, 1]
        received: keep [1]
        where: backupAndRestore
        hint: Build the model by the same code as before.]
    `);
    expect(model.parameters.map(({ variable }) => [...variable.dataSync()])).toEqual([[0.5], [1]]);
    model.dispose();
  });

  test('leaves no tensor behind', async () => {
    const store = memoryStore();
    const model = leakyModel();
    const chunks = { x: [[[8]], [[2]], [[4]]], y: [0, 1, 3] };
    const train = (trainer: Trainer, callbacks: readonly Callback[]) =>
      trainer.fit(chunks, { batchSize: 1, epochs: 2, verbose: 0, callbacks });
    await expectNoLeak(async () => {
      const first = createTrainer(model, { loss: 'mse' });
      await expect(train(first, [backupAndRestore(store, { saveFreq: 1 }), dyingAt(5)])).rejects.toThrowError('the power failed');
      first.dispose();
      const second = createTrainer(model, { loss: 'mse' });
      await train(second, [backupAndRestore(store, { saveFreq: 1 })]);
      second.dispose();
    });
    model.dispose();
  });

  test('options that cannot be meant', () => {
    expect(() => backupAndRestore('a', { saveFreq: 1.5 })).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(() => backupAndRestore('a', { savefreq: 1 } as never)).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
    expect(() => backupAndRestore('')).toThrowError(expect.objectContaining({ code: 'INVALID_STORE' }));
    expect(() => backupAndRestore(null as never)).toThrowError(expect.objectContaining({ code: 'INVALID_STORE' }));
  });
});
