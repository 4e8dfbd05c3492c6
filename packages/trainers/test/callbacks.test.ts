import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expectClose } from '@cellstate/testing';
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest';
import {
  type Callback,
  createTrainer,
  csvLogger,
  exponentialDecay,
  lambdaCallback,
  learningRateScheduler,
  progressBar,
  type ReduceLROnPlateauOptions,
  reduceLROnPlateau,
  sgd,
  terminateOnNaN,
} from '../src/index.ts';
import { openTextFile } from '../src/node/text-file.browser.ts';
import { leakyModel, linearModel } from './hand-written-models.ts';
import { scriptedFit } from './scripted-fit.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('the protocol', () => {
  const hooks = [
    'onTrainBegin',
    'onTrainEnd',
    'onEpochBegin',
    'onEpochEnd',
    'onBatchBegin',
    'onBatchEnd',
    'onTestBegin',
    'onTestEnd',
    'onTestBatchBegin',
    'onTestBatchEnd',
    'onPredictBegin',
    'onPredictEnd',
    'onPredictBatchBegin',
    'onPredictBatchEnd',
  ] as const;
  const recorder = () => {
    const events: string[] = [];
    const callback = Object.fromEntries(
      hooks.map((hook) => [hook, async (index?: unknown) => void events.push(typeof index === 'number' ? `${hook} ${index}` : hook)]),
    );
    return { events, callback: callback as Callback };
  };

  test('hooks come in order, validation within its epoch', async () => {
    const { events, callback } = recorder();
    const model = linearModel();
    const trainer = createTrainer(model, { loss: 'mse' });
    const data = {
      x: [
        [1, 2],
        [3, 4],
      ],
      y: [1, 2],
    };
    await trainer.fit(data, { batchSize: 1, epochs: 2, validationData: { x: [[1, 2]], y: [1] }, callbacks: [callback] });
    const epoch = (n: number) => [
      `onEpochBegin ${n}`,
      'onBatchBegin 0',
      'onBatchEnd 0',
      'onBatchBegin 1',
      'onBatchEnd 1',
      'onTestBegin',
      'onTestBatchBegin 0',
      'onTestBatchEnd 0',
      'onTestEnd',
      `onEpochEnd ${n}`,
    ];
    expect(events).toEqual(['onTrainBegin', ...epoch(0), ...epoch(1), 'onTrainEnd']);
    events.length = 0;
    await trainer.evaluate(data, { batchSize: 1, callbacks: [callback] });
    await trainer.predict(data.x, { callbacks: [callback] });
    expect(events).toEqual([
      'onTestBegin',
      'onTestBatchBegin 0',
      'onTestBatchEnd 0',
      'onTestBatchBegin 1',
      'onTestBatchEnd 1',
      'onTestEnd',
      'onPredictBegin',
      'onPredictBatchBegin 0',
      'onPredictBatchEnd 0',
      'onPredictEnd',
    ]);
    model.dispose();
  });

  test('a stop ends the epoch after the batch, with its validation', async () => {
    const { events, callback } = recorder();
    const model = linearModel();
    const stopper: Callback = {
      setRun(run) {
        this.onBatchEnd = () => run.stop();
      },
    };
    const { history } = await createTrainer(model, { loss: 'mse' }).fit(
      {
        x: [
          [1, 2],
          [3, 4],
          [5, 6],
        ],
        y: [1, 2, 3],
      },
      { batchSize: 1, epochs: 5, validationSplit: 0.3, callbacks: [stopper, callback] },
    );
    expect(events.filter((event) => event.startsWith('onBatchEnd'))).toEqual(['onBatchEnd 0']);
    expect(history.val_loss).toHaveLength(1);
    expect(events.at(-1)).toBe('onTrainEnd');
    model.dispose();
  });

  test('a run shows the state that enters each batch', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 1e-30 }), loss: 'mse' });
    const seen: unknown[] = [];
    const watch: Callback = {
      setRun(run) {
        this.onBatchBegin = () => void seen.push(run.states['leaky#0']?.[0].toNested());
      },
    };
    await trainer.fit({ x: [[[8]], [[0]], [[4]]], y: [0, 0, 0] }, { batchSize: 1, epochs: 2, callbacks: [watch] });
    expect(seen).toEqual([undefined, [[8]], [[4]], [[0]], [[8]], [[4]]]);
    trainer.dispose();
    model.dispose();
  });

  test('what callbacks add to the logs is in the history', async () => {
    const { history } = await scriptedFit(
      [1, 2],
      [lambdaCallback({ onEpochEnd: (epoch, logs) => void Object.assign(logs, { double: 2 * epoch }) })],
    );
    expect(history.history).toEqual({ double: [0, 2], loss: [1, 2] });
  });

  test('a hook that does not exist', async () => {
    await expect(scriptedFit([1], [{ onEpochEnded() {} } as Callback])).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no hook 'onEpochEnded'; it would never be called. [UNKNOWN_HOOK]
        expected: some of onTrainBegin, onTrainEnd, onTrainError, onEpochBegin, onEpochEnd, onBatchBegin, onBatchEnd, onTestBegin, onTestEnd, onTestBatchBegin, onTestBatchEnd, onPredictBegin, onPredictEnd, onPredictBatchBegin, onPredictBatchEnd
        received: onEpochEnded
        where: option callbacks
        hint: Did you mean 'onEpochEnd'?]
    `);
  });
});

describe('reduceLROnPlateau', () => {
  /** The rate after each epoch, and what was logged. */
  const run = async (losses: number[], options: ReduceLROnPlateauOptions) => {
    const after: number[] = [];
    const watch: Callback = {
      setRun(given) {
        this.onEpochEnd = () => void after.push(given.learningRate);
      },
    };
    const { history } = await scriptedFit(losses, [reduceLROnPlateau({ monitor: 'loss', patience: 2, factor: 0.5, ...options }), watch]);
    return { after, logged: history.history.learningRate };
  };
  const rates = async (losses: number[], options: ReduceLROnPlateauOptions) => (await run(losses, options)).after;
  const constant = (epochs: number) => Array<number>(epochs).fill(1);

  test("gives Keras' rates for a constant loss", async () => {
    expectClose(await rates(constant(8), {}), [0.1, 0.1, 0.05, 0.05, 0.025, 0.025, 0.0125, 0.0125]);
    expectClose(await rates(constant(9), { cooldown: 2 }), [0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.0125]);
  });

  test('logs the rate that an epoch was trained with', async () => {
    const { after, logged } = await run(constant(5), {});
    expect(logged).toEqual([0.1, ...after.slice(0, -1)]);
  });

  test('counts improvements by minDelta and stops at the least rate', async () => {
    expectClose(
      await rates([1, 0.9, 0.8, 0.7, 0.6], {}),
      constant(5).map(() => 0.1),
    );
    expectClose(await rates([1, 0.99, 0.98, 0.97, 0.96], { minDelta: 0.1 }), [0.1, 0.1, 0.05, 0.05, 0.025]);
    expectClose(await rates(constant(7), { minLearningRate: 0.04 }), [0.1, 0.1, 0.05, 0.05, 0.04, 0.04, 0.04]);
  });

  test('says so if asked', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await rates(constant(4), { verbose: 1 });
    expect(log.mock.calls).toEqual([['Epoch 3: learning rate reduced to 0.05']]);
  });

  test('cannot change a schedule', async () => {
    const goals = { optimizer: sgd({ learningRate: exponentialDecay({ initialLearningRate: 1, decaySteps: 1, decayRate: 0.5 }) }) };
    await expect(scriptedFit(constant(4), [reduceLROnPlateau({ monitor: 'loss', patience: 1 })], { goals })).rejects.toThrowError(
      expect.objectContaining({ code: 'SCHEDULED_LEARNING_RATE' }),
    );
  });

  test.each([{ factor: 1 }, { patience: -1 }, { cooldown: -1 }, { minLearningRate: -1 }])('%o out of range', (options) => {
    expect(() => reduceLROnPlateau(options)).toThrowError(expect.objectContaining({ code: 'INVALID_OPTION' }));
  });

  test('unknown options', () => {
    expect(() => reduceLROnPlateau({ minLr: 0 } as never)).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
  });
});

describe('learningRateScheduler', () => {
  test('sets the rate before each epoch and logs it', async () => {
    const { history, trainer } = await scriptedFit([1, 1, 1], [learningRateScheduler((epoch, rate) => (epoch === 0 ? rate : rate / 2))]);
    expectClose(history.history.learningRate, [0.1, 0.05, 0.025]);
    expect(trainer.learningRate).toBe(0.025);
  });

  test('needs a number', async () => {
    await expect(scriptedFit([1], [learningRateScheduler(() => Number.NaN)])).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The schedule gave no learning rate. [INVALID_LEARNING_RATE]
        expected: a finite number
        received: NaN
        where: learningRateScheduler, epoch 0]
    `);
    expect(() => learningRateScheduler(() => 1, { verbos: 1 } as never)).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
  });

  test('says so if asked', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await scriptedFit([1], [learningRateScheduler(() => 0.5, { verbose: 1 })]);
    expect(log.mock.calls).toEqual([['Epoch 1: learning rate 0.5']]);
  });
});

describe('terminateOnNaN', () => {
  test('ends training at the batch', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const { history } = await scriptedFit([1, Number.NaN, 1], [terminateOnNaN()]);
    expect(history.epoch).toEqual([0, 1]);
    expect(warn.mock.calls).toEqual([['cellstate: batch 0: the loss is NaN; training ends.']]);
    await expect(
      scriptedFit([1, Number.POSITIVE_INFINITY], [terminateOnNaN({ raiseError: true })]),
    ).rejects.toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The loss is no finite number. [LOSS_NOT_FINITE]
        expected: a finite loss
        received: Infinity
        where: batch 0
        hint: A lower learning rate, clipNorm, or scaled inputs usually help.]
    `);
    expect(() => terminateOnNaN({ raise: true } as never)).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
  });
});

describe('csvLogger', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cellstate-'));
  const file = join(folder, 'log.csv');
  afterAll(() => rmSync(folder, { recursive: true }));

  test("writes Keras' lines", async () => {
    await scriptedFit([1, 0.5], [csvLogger(file)], { validation: [2, 4] });
    expect(readFileSync(file, 'utf8')).toBe('epoch,loss,val_loss\r\n0,1,2\r\n1,0.5,4\r\n');
    await scriptedFit([1, 0.5], [csvLogger(file, { separator: ';' })], { validation: [2, 4], options: { validationFreq: 2 } });
    expect(readFileSync(file, 'utf8')).toBe('epoch;loss;val_loss\r\n0;1;NA\r\n1;0.5;4\r\n');
  });

  test('goes on at the end of a file', async () => {
    writeFileSync(file, '');
    const callback = csvLogger(file, { append: true });
    await scriptedFit([1], [callback]);
    await scriptedFit([2], [callback]);
    expect(readFileSync(file, 'utf8')).toBe('epoch,loss,val_loss\r\n0,1,NA\r\n0,2,NA\r\n');
    rmSync(file);
    await scriptedFit([3], [callback]);
    expect(readFileSync(file, 'utf8')).toBe('epoch,loss,val_loss\r\n0,3,NA\r\n');
  });

  test('quotes names that hold the separator', async () => {
    const goals = { metrics: [{ measure: () => [1], result: () => 5, name: 'a,"b"', direction: null, target: 'any' as const }] };
    await scriptedFit([1], [csvLogger(file)], { validation: [2], goals });
    expect(readFileSync(file, 'utf8')).toBe('epoch,"a,""b""",loss,"val_a,""b""",val_loss\r\n0,5,1,5,2\r\n');
  });

  test('needs Node', () => {
    expect(() => openTextFile('log.csv', { append: false })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Files can be written in Node only. [NODE_ONLY]
        expected: Node
        received: log.csv
        where: csvLogger
        hint: Collect the logs with lambdaCallback({ onEpochEnd }).]
    `);
    expect(() => csvLogger(file, { delimiter: ';' } as never)).toThrowError(expect.objectContaining({ code: 'UNKNOWN_OPTION' }));
  });
});

describe('progress', () => {
  test('verbose 2 prints a line an epoch, verbose 1 nothing without a terminal', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const error = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    await scriptedFit([1, 0.0004], [], { options: { verbose: 2 }, validation: [2, 123456] });
    expect(log.mock.calls.flat()).toEqual([
      expect.stringMatching(/^Epoch 1\/2 - 0s - \d+(ms|us)\/step - loss: 1\.0000 - val_loss: 2\.0000$/),
      expect.stringMatching(/^Epoch 2\/2 - 0s - \d+(ms|us)\/step - loss: 4\.0000e-04 - val_loss: 123456\.0000$/),
    ]);
    log.mockClear();
    await scriptedFit([1], [], { options: { verbose: 1 } });
    await scriptedFit([1], [], { options: { verbose: 0 } });
    expect(log).not.toHaveBeenCalled();
    expect(error).not.toHaveBeenCalled();
  });

  test('a bar of your own takes the place of the one of fit', async () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    await scriptedFit([1], [progressBar()], { options: { verbose: 2 } });
    expect(log).toHaveBeenCalledTimes(1);
  });
});
