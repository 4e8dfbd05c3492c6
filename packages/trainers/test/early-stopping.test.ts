import { expectNoLeak } from '@cellstate/testing/tensors';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { type EarlyStoppingOptions, earlyStopping } from '../src/index.ts';
import { scriptedFit } from './scripted-fit.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

async function run(losses: number[], options: EarlyStoppingOptions) {
  const callback = earlyStopping({ monitor: 'loss', ...options });
  const { history, weight } = await expectNoLeak(() => scriptedFit(losses, [callback]));
  return { last: history.epoch.at(-1), stopped: callback.stoppedEpoch, best: callback.bestEpoch, weight };
}

describe("Keras' decisions, epochs from 0", () => {
  test.each([
    [[1, 0.9, 0.95, 0.96, 0.97], { patience: 0 }, { last: 2, stopped: 2, best: 1 }],
    [[1, 0.9, 0.95, 0.96, 0.97], { patience: 1 }, { last: 2, stopped: 2, best: 1 }],
    [[1, 0.9, 0.95, 0.96, 0.97], { patience: 2 }, { last: 3, stopped: 3, best: 1 }],
    [[1, 0.9, 0.895, 0.894], { patience: 2, minDelta: 0.01 }, { last: 3, stopped: 3, best: 1 }],
    [[1, 0.9, 0.895, 0.894], { patience: 2, minDelta: -0.01 }, { last: 3, stopped: 3, best: 1 }],
    [[1, 0.9, 0.8, 0.7, 0.6], { patience: 2, baseline: 0.5 }, { last: 4, stopped: null, best: 4 }],
    [[0.4, 0.5, 0.6, 0.3], { patience: 2, baseline: 0.45 }, { last: 2, stopped: 2, best: 0 }],
    [[1, 1.1, 1.2, 1.3], { patience: 1, startFromEpoch: 2 }, { last: 3, stopped: 3, best: 2 }],
    [[1, 1.1], { patience: 0 }, { last: 1, stopped: 1, best: 0 }],
    [[Number.NaN, 1, 0.5], { patience: 5 }, { last: 2, stopped: null, best: 0 }],
    [[1, 2, 3, 3], { patience: 1, mode: 'max' }, { last: 3, stopped: 3, best: 2 }],
  ] as [number[], EarlyStoppingOptions, object][])('%o with %o', async (losses, options, expected) => {
    expect(await run(losses, options)).toMatchObject(expected);
  });

  test('an improvement that does not beat the baseline does not start the waiting anew', async () => {
    expect(await run([1, 0.9, 0.8, 0.85, 0.4], { patience: 3, baseline: 0.5 })).toMatchObject({ stopped: 3 });
    expect(await run([1, 0.9, 0.4, 0.85, 0.9], { patience: 3, baseline: 0.5 })).toMatchObject({ stopped: null });
  });
});

describe('best weights', () => {
  test('come back when it stops', async () => {
    expect(await run([1, 0.9, 0.95, 0.96], { patience: 1, restoreBestWeights: true })).toMatchObject({ stopped: 2, weight: 2 });
    expect(await run([1, 0.9, 0.95, 0.96], { patience: 1 })).toMatchObject({ stopped: 2, weight: 3 });
  });

  test('come back also when training runs to its last epoch', async () => {
    expect(await run([1, 0.9, 0.95], { patience: 5, restoreBestWeights: true })).toMatchObject({ stopped: null, best: 1, weight: 2 });
  });
});

describe('the value watched', () => {
  test('is the validation loss by default; epochs without validation do not count', async () => {
    const callback = earlyStopping({ patience: 1 });
    const { history } = await scriptedFit([1, 1, 1, 1, 1, 1], [callback], {
      validation: [0, 3, 0, 2, 0, 2.5],
      options: { validationFreq: 2 },
    });
    expect(history.epoch.at(-1)).toBe(5);
    expect(callback.stoppedEpoch).toBe(5);
    expect(callback.bestEpoch).toBe(3);
  });

  test('knows from the metric what is better', async () => {
    const goals = { metrics: ['accuracy', 'mse'] };
    const up = earlyStopping({ monitor: 'accuracy' });
    await scriptedFit([1, 0, 0, 1], [up], { goals });
    // Predictions are 0: accuracy is 0, 1, 1.
    expect([up.bestEpoch, up.stoppedEpoch]).toEqual([1, 2]);
    const down = earlyStopping({ monitor: 'mse' });
    await scriptedFit([2, 1, 1.5], [down], { goals });
    expect([down.bestEpoch, down.stoppedEpoch]).toEqual([1, 2]);
  });

  test('starts anew with each run', async () => {
    const callback = earlyStopping({ monitor: 'loss' });
    await scriptedFit([0.1, 0.2], [callback]);
    await scriptedFit([5, 4, 3], [callback]);
    expect([callback.bestEpoch, callback.stoppedEpoch]).toEqual([2, null]);
  });

  test('must be there', async () => {
    await expect(scriptedFit([1], [earlyStopping()])).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no 'val_loss' to watch. [NOT_LOGGED]
        expected: one of loss
        received: val_loss
        where: earlyStopping, option monitor
        hint: Give fit validationSplit or validationData.]
    `);
    await expect(scriptedFit([1], [earlyStopping({ monitor: 'los' })])).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no 'los' to watch. [NOT_LOGGED]
        expected: one of loss
        received: los
        where: earlyStopping, option monitor
        hint: Did you mean 'loss'?]
    `);
  });

  test('must have a direction', async () => {
    const goals = {
      metrics: [
        function bias(_target: Tensor, prediction: Tensor) {
          return prediction;
        },
      ],
    };
    await expect(scriptedFit([1, 2], [earlyStopping({ monitor: 'bias' })], { goals })).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Whether 'bias' should become smaller or larger is not known. [MONITOR_DIRECTION]
        expected: mode: 'min' or 'max'
        received: mode: 'auto'
        where: earlyStopping]
    `);
    await scriptedFit([1, 2], [earlyStopping({ monitor: 'bias', mode: 'min' })], { goals });
  });
});

test('it says so if asked', async () => {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  await run([1, 2, 3], { verbose: 1 });
  expect(log.mock.calls).toEqual([['Epoch 2: early stopping']]);
});

test.each([
  ['INVALID_OPTION', { patience: -1 }],
  ['INVALID_OPTION', { startFromEpoch: -1 }],
  ['INVALID_OPTION', { minDelta: Number.NaN }],
  ['INVALID_OPTION', { mode: 'up' }],
  ['UNKNOWN_OPTION', { patiance: 3 }],
])('%s: %o', (code, options) => {
  expect(() => earlyStopping(options as never)).toThrowError(expect.objectContaining({ code }));
});
