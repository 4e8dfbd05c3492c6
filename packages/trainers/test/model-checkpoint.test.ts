import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import { fillTemplate } from '../src/callbacks/fill-template.ts';
import { createTrainer, type ModelCheckpointOptions, modelCheckpoint, restoreWeights, resume } from '../src/index.ts';
import { linearModel } from './hand-written-models.ts';
import { memoryStore } from './memory-store.ts';
import { scriptedFit } from './scripted-fit.ts';

const folder = mkdtempSync(join(tmpdir(), 'cellstate-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => {
  vi.restoreAllMocks();
});

/** The weight in each checkpoint: scripted epochs set it to their number, from 1. */
async function weightsSaved(losses: number[], options: ModelCheckpointOptions, validation?: number[]) {
  const store = memoryStore();
  await scriptedFit(losses, [modelCheckpoint(store, options)], validation === undefined ? {} : { validation });
  const weights: number[] = [];
  for (const { bytes } of store.written) {
    store.entries.set('checkpoint', bytes);
    const model = linearModel({ kernel: [[0]], bias: [0] });
    await restoreWeights(store, model);
    weights.push(model.parameters[0].variable.dataSync()[0]);
    model.dispose();
  }
  return weights;
}

describe('modelCheckpoint', () => {
  test('saves after every epoch, or when the value is the best so far', async () => {
    expect(await weightsSaved([3, 2, 4, 1], {})).toEqual([1, 2, 3, 4]);
    expect(await weightsSaved([3, 2, 4, 1], { monitor: 'loss', saveBestOnly: true })).toEqual([1, 2, 4]);
    expect(await weightsSaved([3, 2, 4, 1], { monitor: 'loss', saveBestOnly: true, mode: 'max' })).toEqual([1, 3]);
    expect(await weightsSaved([3, 2, 4, 1], { monitor: 'loss', saveBestOnly: true, initialValueThreshold: 1.5 })).toEqual([4]);
    expect(await weightsSaved([1, 1, 1], { saveBestOnly: true }, [5, 6, 4])).toEqual([1, 3]);
  });

  test('says what Keras says', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await scriptedFit([0.5, 0.75, 0.25], [modelCheckpoint(memoryStore(), { monitor: 'loss', saveBestOnly: true, verbose: 1 })]);
    await scriptedFit([0.5], [modelCheckpoint(memoryStore(), { verbose: 1 })]);
    expect(log.mock.calls.flat()).toEqual([
      'Epoch 1: loss improved from None to 0.50000, saving model to memory',
      'Epoch 1: finished saving model to memory',
      'Epoch 2: loss did not improve from 0.50000',
      'Epoch 3: loss improved from 0.50000 to 0.25000, saving model to memory',
      'Epoch 3: finished saving model to memory',
      'Epoch 1: saving model to memory',
      'Epoch 1: finished saving model to memory',
    ]);
  });

  test('fills the path in', async () => {
    await scriptedFit([0.5, 0.12345], [modelCheckpoint(join(folder, 'e{epoch:02d}-{loss:.3f}'))]);
    expect(readdirSync(folder).sort()).toEqual(['e01-0.500', 'e02-0.123']);
    await expect(scriptedFit([1], [modelCheckpoint(join(folder, '{val_loss}'))])).rejects.toThrowError(
      expect.objectContaining({ code: 'NOT_LOGGED' }),
    );
  });

  test('counts batches on from epoch to epoch', async () => {
    const store = memoryStore();
    const names: string[] = [];
    const model = linearModel();
    const saveModel = (_: unknown, path: string) => void names.push(path);
    const callbacks = [modelCheckpoint('{epoch}-{batch}', { saveFreq: 2, saveModel }), modelCheckpoint(store, { saveFreq: 3 })];
    const data = {
      x: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      y: [1, 2, 3],
    };
    await createTrainer(model, { loss: 'mse' }).fit(data, { batchSize: 1, epochs: 3, verbose: 0, callbacks });
    expect(names).toEqual(['1-2', '2-1', '2-3', '3-2']);
    expect(store.written).toHaveLength(3);
    model.dispose();
  });

  test('keeps the best value from fit to fit', async () => {
    const store = memoryStore();
    const callback = modelCheckpoint(store, { monitor: 'loss', saveBestOnly: true });
    await scriptedFit([2], [callback]);
    await scriptedFit([3], [callback]);
    expect(store.written).toHaveLength(1);
  });

  test('a checkpoint of the trainer goes on, one of the weights says that it cannot', async () => {
    const store = memoryStore();
    const fresh = () => linearModel({ kernel: [[0]], bias: [0] });
    await scriptedFit([1, 2], [modelCheckpoint(store)]);
    const [model, other] = [fresh(), fresh()];
    // The scripted fit freezes the bias.
    const trainer = await resume(store, model, { interruptedFit: 'drop' });
    expect(trainer.steps).toBe(2);
    await scriptedFit([1], [modelCheckpoint(store, { saveWeightsOnly: true })]);
    await expect(resume(store, other)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The checkpoint holds the weights of a model, not its training. [CHECKPOINT_WEIGHTS_ONLY]
        expected: a checkpoint saved without weightsOnly
        received: weights
        where: resume
        hint: Load them with restoreWeights(folder, model).]
    `);
    model.dispose();
    other.dispose();
  });

  test('options that cannot be meant', async () => {
    const thrown = (options: object, path: Parameters<typeof modelCheckpoint>[0] = 'a') => {
      try {
        modelCheckpoint(path, options);
        return 'nothing';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(thrown({ saveBest: true })).toBe('UNKNOWN_OPTION');
    expect(thrown({ saveFreq: 0 })).toBe('INVALID_OPTION');
    expect(thrown({ saveFreq: 'batch' })).toBe('INVALID_OPTION');
    expect(thrown({ initialValueThreshold: Number.NaN })).toBe('INVALID_OPTION');
    expect(thrown({ saveBestOnly: true, saveFreq: 5 })).toBe('CONTRADICTORY_OPTIONS');
    expect(thrown({ saveBestOnly: true, saveFreq: 5, monitor: 'loss' })).toBe('nothing');
    expect(thrown({ saveModel() {}, saveWeightsOnly: true })).toBe('CONTRADICTORY_OPTIONS');
    expect(thrown({ saveModel() {} }, memoryStore())).toBe('CONTRADICTORY_OPTIONS');
    expect(thrown({}, 'best.keras')).toBe('CONTRADICTORY_OPTIONS');
    expect(thrown({ saveModel() {} }, 'best.keras')).toBe('nothing');
    await expect(scriptedFit([1], [modelCheckpoint('a', { saveBestOnly: true })])).rejects.toThrowError(
      expect.objectContaining({ code: 'NOT_LOGGED' }),
    );
  });
});

test("templates are Python's", () => {
  const values = { epoch: 7, loss: 0.000123456, val_loss: 12.5 };
  const fill = (template: string) => fillTemplate(template, { values, where: 'here' });
  expect(fill('{epoch}/{epoch:d}/{epoch:03d}/{epoch:3d}')).toBe('7/7/007/  7');
  expect(fill('{loss:.4f}/{loss:.2e}/{val_loss:f}/{val_loss:08.3f}/{val_loss}')).toBe('0.0001/1.23e-04/12.500000/0012.500/12.5');
  for (const template of ['{loss:d}', '{val_loss:.1}', '{epoch:x}']) {
    expect(() => fill(template)).toThrowError(expect.objectContaining({ code: 'INVALID_TEMPLATE' }));
  }
  expect(fill('no {field !} here')).toBe('no {field !} here');
  expect(() => fill('{acc}')).toThrowErrorMatchingInlineSnapshot(`
    [CellstateError: There is no 'acc' to put into the path. [NOT_LOGGED]
      expected: one of epoch, loss, val_loss
      received: {acc}
      where: here]
  `);
});
