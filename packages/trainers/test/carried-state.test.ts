import { type Batch, ndarray } from '@cellstate/core';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { describe, expect, test } from 'vitest';
import { createTrainer, sgd } from '../src/index.ts';
import { leakyModel } from './hand-written-models.ts';

// With keep 0.5 and gain 1, h = h/2 + x at every step: everything here can be followed by hand.
const still = sgd({ learningRate: 1e-30 });
const rows = (...values: number[]) => ndarray(values.map((value) => [[value]]));

function batch(values: number[][], rest: Partial<Batch> = {}): Batch {
  return { x: ndarray(values.map((steps) => steps.map((value) => [value]))), y: ndarray(values.map(() => [0])), ...rest };
}

describe('inference', () => {
  test('goes on from call to call, and starts anew after resetStates', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model);
    expect((await trainer.predict(rows(8, 4))).toNested()).toEqual([[8], [4]]);
    expect((await trainer.predict(rows(0, 1))).toNested()).toEqual([[4], [3]]);
    expect(trainer.states.inference['leaky#0'][0].toNested()).toEqual([[4], [3]]);
    trainer.resetStates();
    expect(trainer.states.inference['leaky#0'][0].toNested()).toEqual([[0], [0]]);
    expect((await trainer.predict(rows(0, 1))).toNested()).toEqual([[0], [1]]);
    trainer.dispose();
    model.dispose();
  });

  test('evaluate goes on too', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { loss: 'mae' });
    await trainer.predict(rows(8));
    expect(await trainer.evaluate({ x: rows(1), y: rows(2) })).toEqual({ loss: 3 });
    trainer.dispose();
    model.dispose();
  });

  test('takes all rows at once unless the model has its own batch size', async () => {
    const free = leakyModel();
    const pinned = leakyModel({ batchSize: 1 });
    expect((await createTrainer(free).predict(rows(8, 4, 2))).toNested()).toEqual([[8], [4], [2]]);
    expect((await createTrainer(pinned).predict(rows(8, 4, 2))).toNested()).toEqual([[8], [8], [6]]);
    expect((await createTrainer(leakyModel({ stateful: false })).predict(rows(8, 4, 2))).toNested()).toEqual([[8], [4], [2]]);
  });

  test('resetStates of some lanes leaves the others', async () => {
    const model = leakyModel({ start: 2 });
    const trainer = createTrainer(model);
    await expectNoLeak(async () => {
      await trainer.predict(rows(7, 3, 1));
      trainer.resetStates({ lanes: [0, 2] });
      expect(trainer.states.inference['leaky#0'][0].toNested()).toEqual([[2], [4], [2]]);
      expect((await trainer.predict(rows(0, 0, 1))).toNested()).toEqual([[1], [2], [2]]);
      trainer.resetStates();
    });
    await trainer.predict(rows(7, 3, 1));
    expect(() => trainer.resetStates({ lanes: [3] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no such lane. [NO_SUCH_LANE]
        expected: lanes in [0, 2]
        received: 3
        where: resetStates, option lanes]
    `);
    trainer.dispose();
    model.dispose();
  });
});

describe('training', () => {
  test('goes on from batch to batch as a constant: gradients stop at the border', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 1 }), loss: (_t, p) => p });
    await trainer.trainOnBatch(rows(3), rows(0));
    // h = 0.5 · 0 + 1 · 3; dh/dkeep = 0, dh/dgain = 3.
    expectClose(
      model.parameters.map(({ variable }) => variable.dataSync()[0]),
      [0.5, -2],
    );
    await trainer.trainOnBatch(rows(4), rows(0));
    // h = 0.5 · 3 − 2 · 4; dh/dkeep = 3 (the state, a constant), dh/dgain = 4.
    expectClose(
      model.parameters.map(({ variable }) => variable.dataSync()[0]),
      [-2.5, -6],
    );
    trainer.dispose();
    model.dispose();
  });

  test('starts anew at each epoch, or never', async () => {
    const seen = async (resetStates: 'epoch' | 'never') => {
      const model = leakyModel();
      const trainer = createTrainer(model, { optimizer: still, loss: (_t, p) => p });
      const { history } = await trainer.fit({ x: rows(8, 0), y: rows(0, 0) }, { epochs: 3, batchSize: 1, resetStates });
      trainer.dispose();
      model.dispose();
      return history.loss;
    };
    expect(await seen('epoch')).toEqual([6, 6, 6]);
    expect(await seen('never')).toEqual([6, (10 + 5) / 2, (10.5 + 5.25) / 2]);
  });

  test('inference and validation leave its state alone, and it theirs', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { optimizer: still, loss: (_t, p) => p });
    await trainer.predict(rows(100));
    const { history } = await trainer.fit(
      { x: rows(8, 0), y: rows(0, 0) },
      { epochs: 2, batchSize: 1, resetStates: 'never', validationData: { x: rows(32, 0), y: rows(0, 0) } },
    );
    expect(history).toEqual({ loss: [6, 7.5], val_loss: [24, 24] });
    expect(trainer.states.training['leaky#0'][0].toNested()).toEqual([[5]]);
    expect((await trainer.predict(rows(0))).toNested()).toEqual([[50]]);
    trainer.dispose();
    model.dispose();
  });

  test('trainOnBatch goes on until resetStates', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model, { optimizer: still, loss: (_t, p) => p });
    expect((await trainer.trainOnBatch(rows(8), rows(0))).loss).toBe(8);
    expect((await trainer.trainOnBatch(rows(0), rows(0))).loss).toBe(4);
    trainer.resetStates();
    expect((await trainer.trainOnBatch(rows(0), rows(0))).loss).toBe(0);
    trainer.dispose();
    model.dispose();
  });
});

describe('lanes', () => {
  const losses = async (batches: Batch[]) => {
    const model = leakyModel({ start: 1 });
    const trainer = createTrainer(model, { optimizer: still, loss: (_t, p) => p });
    const found: number[] = [];
    for (const each of batches) found.push((await trainer.trainOnBatch(each)).loss);
    const state = trainer.states.training['leaky#0'][0].toNested();
    trainer.dispose();
    model.dispose();
    return { losses: found, state };
  };

  test('start anew exactly where starts says so', async () => {
    const { state } = await losses([batch([[8], [16], [32]]), batch([[0], [0], [0]], { starts: Uint8Array.of(0, 1, 0) })]);
    expect(state).toEqual([[4.25], [0.5], [16.25]]);
    const all = await losses([batch([[8], [16]]), batch([[0], [0]], { starts: Uint8Array.of(1, 1) })]);
    expect(all.state).toEqual([[0.5], [0.5]]);
    const none = await losses([batch([[8], [16]]), batch([[0], [0]], { starts: Uint8Array.of(0, 0) })]);
    expect(none.state).toEqual([[4.25], [8.25]]);
  });

  test('keep their state over steps that are not real', async () => {
    const { state, losses: found } = await losses([
      batch(
        [
          [8, 1],
          [16, 99],
        ],
        { lengths: Int32Array.of(2, 1) },
      ),
    ]);
    expect(state).toEqual([[5.25], [16.5]]);
    expect(found).toEqual([(5.25 + 16.5) / 2]);
  });

  test('whose sequences have ended do not count', async () => {
    const { losses: found, state } = await losses([batch([[8], [16]]), batch([[0], [99]], { lengths: Int32Array.of(1, 0) })]);
    expect(found[1]).toBe(4.25);
    expect(state).toEqual([[4.25], [16.5]]);
  });

  test('a mask says the same as lengths', async () => {
    const x = [
      [8, 1],
      [16, 99],
    ];
    const byLengths = await losses([batch(x, { lengths: Int32Array.of(2, 1) })]);
    const byMask = await losses([
      batch(x, {
        mask: ndarray([
          [true, true],
          [true, false],
        ]),
      }),
    ]);
    expect(byMask).toEqual(byLengths);
    const both = await losses([
      batch(x, {
        mask: ndarray([
          [false, true],
          [true, true],
        ]),
        lengths: Int32Array.of(2, 1),
      }),
    ]);
    expect(both.state).toEqual([[1.5], [16.5]]);
  });

  test('padded steps of an output over time do not count, also in a model that passes no mask on', async () => {
    const model = leakyModel({ sequences: true });
    const silent = { ...model, call: (...args: Parameters<typeof model.call>) => ({ ...model.call(...args), masks: [null] }) };
    const padded: Batch = {
      x: ndarray([
        [[8], [1]],
        [[16], [99]],
      ]),
      y: ndarray([
        [[0], [0]],
        [[0], [50]],
      ]),
      lengths: Int32Array.of(2, 1),
    };
    for (const each of [model, silent]) {
      const trainer = createTrainer(each, { optimizer: still, loss: 'mae', metrics: ['mae'] });
      const { loss, mae } = await trainer.trainOnBatch(padded);
      expectClose([loss, mae], [29 / 3, 29 / 3]);
      trainer.dispose();
    }
    model.dispose();
  });

  test('only stateful calls are carried', async () => {
    const model = leakyModel();
    const trainer = createTrainer(model);
    await trainer.predict(rows(1));
    expect(Object.keys(trainer.states.inference)).toEqual(['leaky#0']);
    // No batch has said yet how many lanes there are.
    expect(trainer.states.training).toEqual({});
    trainer.dispose();
    model.dispose();
  });
});
