import { registerCpuKernels, unregisterCpuKernels } from '@cellstate/backends/cpu';
import { ndarray } from '@cellstate/core';
import { dense, lstm, type Model, sequential } from '@cellstate/layers';
import { asymmetric, expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adam, createTrainer, type Optimizer, sgd, type TrainableModel } from '../src/index.ts';

// LSTM(2) → Dense(1) with weights 0.5·sin(a + b·k) on two sequences of four steps. The curves of sgd are those of a float64 reference
// with exact gradients whose forward pass was checked against Keras 3.15.1; those of adam are Keras 3.15.1's own, whose bias corrections
// in float32 make 7e-6 of each step.
const x = ndarray(
  asymmetric([2, 4, 2], 0, 0.9).map((value) => 2 * value),
  [2, 4, 2],
);
const y = ndarray(asymmetric([2, 1], 0.7, 1.1), [2, 1]);

function build(stateful: boolean): Model {
  const model = sequential([lstm({ units: 2, stateful, inputShape: [4, 2] }), dense({ units: 1 })]);
  const shapes = [[2, 8], [2, 8], [8], [2, 1], [1]];
  const phases = [
    [0.1, 0.37],
    [0.2, 0.53],
    [0.3, 0.69],
    [0.1, 0.37],
    [0.2, 0.53],
  ];
  model.setWeights(shapes.map((shape, i) => ndarray(asymmetric(shape, phases[i][0], phases[i][1]), shape)));
  return model;
}

interface Curve {
  readonly optimizer: Optimizer;
  readonly stateful: boolean;
  readonly losses: readonly number[];
  /** The prediction from the zero state after five steps. */
  readonly prediction: readonly number[];
  readonly kernel: readonly number[];
  readonly bias: number;
}

const CURVES: Record<string, Curve> = {
  'sgd, stateless': {
    optimizer: sgd({ learningRate: 0.1 }),
    stateful: false,
    losses: [0.12174377, 0.07945607, 0.05276342, 0.03590488, 0.02525268],
    prediction: [0.29788295, 0.29599851],
    kernel: [0.0430188, 0.1945571],
    bias: 0.32483499,
  },
  'sgd, stateful': {
    optimizer: sgd({ learningRate: 0.1 }),
    stateful: true,
    losses: [0.12174377, 0.08205817, 0.05461166, 0.03701824, 0.02590247],
    prediction: [0.30123591, 0.29941241],
    kernel: [0.0408791, 0.1905969],
    bias: 0.32765809,
  },
  'adam, stateless': {
    optimizer: adam({ learningRate: 0.01 }),
    stateful: false,
    losses: [0.121743768, 0.112830952, 0.104465835, 0.0966274068, 0.0892920345],
    prediction: [0.130346477, 0.129020512],
    kernel: [0.00295966957, 0.17699948],
    bias: 0.149121091,
  },
  'adam, stateful': {
    optimizer: adam({ learningRate: 0.01 }),
    stateful: true,
    losses: [0.121743768, 0.115833946, 0.107438147, 0.099155426, 0.091376774],
    prediction: [0.13036564, 0.129052401],
    kernel: [0.000992137007, 0.17666547],
    bias: 0.149146914,
  },
};

describe.each(['reference', 'fused'])('five steps on one batch, %s path', (path) => {
  beforeAll(() => {
    if (path === 'fused') registerCpuKernels();
  });
  afterAll(() => {
    if (path === 'fused') unregisterCpuKernels();
  });

  test.each(Object.entries(CURVES))('%s, by fit', async (_name, { optimizer, stateful, losses, prediction, kernel, bias }) => {
    await expectNoLeak(async () => {
      const model: Model & TrainableModel = build(stateful);
      const trainer = createTrainer(model, { optimizer, loss: 'mse' });
      const { history } = await trainer.fit({ x, y }, { epochs: 5, batchSize: 2, shuffle: false, resetStates: 'never', verbose: 0 });
      expectClose(history.loss, losses, { absolute: 2e-7, relative: 2e-6 });
      expectClose(await trainer.predict(x), { shape: [2, 1], data: prediction }, { absolute: 3e-7 });
      const weights = model.getWeights();
      expectClose(weights[3].data, kernel, { absolute: 2e-7 });
      expectClose(weights[4].data, [bias], { absolute: 2e-7 });
      trainer.dispose();
      model.dispose();
    });
  });

  test('stateful, by trainOnBatch: the state goes from call to call', async () => {
    const model = build(true);
    const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 0.1 }), loss: 'mse' });
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) losses.push((await trainer.trainOnBatch(x, y)).loss);
    expectClose(losses, CURVES['sgd, stateful'].losses, { absolute: 2e-7, relative: 2e-6 });
    const [hidden, cell] = Object.values(trainer.states.training)[0];
    expectClose(hidden, { shape: [2, 2], data: [-0.03323914, -0.15602788, -0.04865108, -0.16580898] }, { absolute: 3e-7 });
    expectClose(cell, { shape: [2, 2], data: [-0.11107737, -0.51875392, -0.16784962, -0.58205064] }, { absolute: 3e-7 });
    trainer.dispose();
    model.dispose();
  });

  test('stateful with a reset each epoch is the stateless curve', async () => {
    const model = build(true);
    const trainer = createTrainer(model, { optimizer: sgd({ learningRate: 0.1 }), loss: 'mse' });
    const { history } = await trainer.fit({ x, y }, { epochs: 5, batchSize: 2 });
    expectClose(history.loss, CURVES['sgd, stateless'].losses, { absolute: 2e-7, relative: 2e-6 });
    trainer.dispose();
    model.dispose();
  });
});

describe('chunks', () => {
  test('two stateful batches predict what the whole sequence predicts', async () => {
    const whole = sequential([lstm({ units: 2, returnSequences: true, inputShape: [null, 2] }), dense({ units: 1 })]);
    const chunked = sequential([lstm({ units: 2, returnSequences: true, stateful: true, inputShape: [null, 2] }), dense({ units: 1 })]);
    chunked.setWeights(whole.getWeights());
    const all = await createTrainer(whole, {}).predict(x);
    const trainer = createTrainer(chunked, {});
    const parts = [await trainer.predict(x.slice([null, [0, 1]])), await trainer.predict(x.slice([null, [1, 4]]))];
    expectClose(parts[0], all.slice([null, [0, 1]]));
    expectClose(parts[1], all.slice([null, [1, 4]]));
    trainer.resetStates();
    expectClose(await trainer.predict(x), all);
    trainer.dispose();
    whole.dispose();
    chunked.dispose();
  });

  test('lengths 5, 2 and 7 go through one stateful model', async () => {
    const model = sequential([lstm({ units: 3, stateful: true, inputShape: [null, 1] }), dense({ units: 1 })]);
    const trainer = createTrainer(model, { loss: 'mse' });
    for (const steps of [5, 2, 7]) {
      const { loss } = await trainer.trainOnBatch(ndarray(asymmetric([2, steps, 1], steps), [2, steps, 1]), [[0.5], [-1]]);
      expect(loss).toBeGreaterThan(0);
    }
    trainer.dispose();
    model.dispose();
  });
});
