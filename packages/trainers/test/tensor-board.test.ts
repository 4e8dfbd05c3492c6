import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import {
  backupAndRestore,
  type Callback,
  createTrainer,
  exponentialDecay,
  sgd,
  type TensorBoardOptions,
  tensorBoard,
} from '../src/index.ts';
import { openEventFile } from '../src/node/event-file.browser.ts';
import { linearModel } from './hand-written-models.ts';
import { memoryStore } from './memory-store.ts';
import { readEvents } from './read-events.ts';

const root = mkdtempSync(join(tmpdir(), 'cellstate-'));
afterAll(() => rmSync(root, { recursive: true }));
let folders = 0;
const newFolder = () => join(root, String(folders++));

const data = {
  x: [
    [1, 2],
    [3, 4],
    [5, 6],
  ],
  y: [1, 2, 4],
};

async function train(folder: string, { options, callbacks = [] }: { options?: TensorBoardOptions; callbacks?: readonly Callback[] } = {}) {
  const model = linearModel();
  const learningRate = exponentialDecay({ initialLearningRate: 0.001, decaySteps: 3, decayRate: 0.5 });
  const trainer = createTrainer(model, { optimizer: sgd({ learningRate }), loss: 'mse', metrics: ['mae'] });
  try {
    const fit = { batchSize: 1, epochs: 2, verbose: 0, validationData: { x: [[2, 2]], y: [1] } } as const;
    const { history } = await trainer.fit(data, { ...fit, callbacks: [...callbacks, tensorBoard(folder, options)] });
    return { history, weights: model.parameters.map(({ variable }) => [...variable.dataSync()]) };
  } finally {
    model.dispose();
  }
}

/** What a folder holds: `tag at step`, and the value. */
function logged(folder: string): Record<string, number | number[]> {
  const files = readdirSync(folder).sort();
  for (const file of files) expect(file).toMatch(/^events\.out\.tfevents\.\d{10}\..+\.\d+\.\d+\.v2$/);
  const events = files.flatMap((file) => readEvents(readFileSync(join(folder, file))));
  return Object.fromEntries(
    events.flatMap(({ step, values }) =>
      values.map(({ tag, numbers }) => [`${tag} at ${step}`, numbers.length === 1 ? numbers[0] : numbers]),
    ),
  );
}

const f32 = Math.fround;

describe('tensorBoard', () => {
  test("has Keras' tags, at Keras' steps", async () => {
    const folder = newFolder();
    const { history } = await train(folder);
    const { loss, mae, val_loss, val_mae } = history;
    expect(logged(join(folder, 'train'))).toEqual({
      'epoch_loss at 0': f32(loss[0]),
      'epoch_mae at 0': f32(mae[0]),
      'epoch_learning_rate at 0': f32(0.0005),
      'epoch_loss at 1': f32(loss[1]),
      'epoch_mae at 1': f32(mae[1]),
      'epoch_learning_rate at 1': f32(0.00025),
    });
    expect(logged(join(folder, 'validation'))).toEqual({
      'epoch_loss at 0': f32(val_loss[0]),
      'epoch_mae at 0': f32(val_mae[0]),
      'evaluation_loss_vs_iterations at 3': f32(val_loss[0]),
      'evaluation_mae_vs_iterations at 3': f32(val_mae[0]),
      'epoch_loss at 1': f32(val_loss[1]),
      'epoch_mae at 1': f32(val_mae[1]),
      'evaluation_loss_vs_iterations at 6': f32(val_loss[1]),
      'evaluation_mae_vs_iterations at 6': f32(val_mae[1]),
    });
  });

  test('batches, their speed, and how weights are spread', async () => {
    const folder = newFolder();
    const { weights } = await train(folder, { options: { updateFreq: 2, writeStepsPerSecond: true, histogramFreq: 1 } });
    const values = logged(join(folder, 'train'));
    const tags = Object.keys(values).filter((key) => !key.startsWith('epoch_l') && !key.startsWith('epoch_m'));
    expect(tags.sort()).toEqual(
      [
        ...[2, 4, 6].flatMap((step) => [`batch_loss at ${step}`, `batch_mae at ${step}`, `batch_steps_per_second at ${step}`]),
        ...[0, 1].flatMap((epoch) => [`epoch_steps_per_second at ${epoch}`, `kernel/histogram at ${epoch}`, `bias/histogram at ${epoch}`]),
      ].sort(),
    );
    const [kernel, bias] = weights;
    const table = values['kernel/histogram at 1'] as number[];
    expect(table).toHaveLength(90);
    expect([table[0], table[88]]).toEqual([Math.min(...kernel), Math.max(...kernel)]);
    expect(table.filter((_, i) => i % 3 === 2)).toEqual([1, ...Array(28).fill(0), 1]);
    expect(values['bias/histogram at 1']).toEqual([bias[0] - 0.5, bias[0] + 0.5, 1]);
    expect(values['batch_steps_per_second at 4']).toBeGreaterThan(0);
  });

  test('a resumed run has every value once', async () => {
    const [folder, whole] = [newFolder(), newFolder()];
    const store = memoryStore();
    const options = { updateFreq: 'batch' } as const;
    let batches = 0;
    const callbacks = [
      backupAndRestore(store, { saveFreq: 2 }),
      {
        onBatchEnd: () => {
          if (++batches === 6) throw new Error('the power failed');
        },
      },
    ];
    await expect(train(folder, { options, callbacks })).rejects.toThrowError('the power failed');
    await train(folder, { options, callbacks });
    await train(whole, { options });
    for (const part of ['train', 'validation']) {
      expect(readdirSync(join(folder, part))).toHaveLength(1);
      expect(logged(join(folder, part))).toEqual(logged(join(whole, part)));
    }
  });

  test('options that cannot be meant', () => {
    const codes = [{ updateFreq: 0 }, { updateFreq: 'step' }, { histogramFreq: -1 }, { writeGraph: true }].map((options) => {
      try {
        tensorBoard('logs', options as never);
        return 'nothing';
      } catch (error) {
        return (error as { code: string }).code;
      }
    });
    expect(codes).toEqual(['INVALID_OPTION', 'INVALID_OPTION', 'INVALID_OPTION', 'UNKNOWN_OPTION']);
    expect(() => openEventFile('logs')).toThrowError(expect.objectContaining({ code: 'NODE_ONLY', where: 'tensorBoard' }));
  });
});
