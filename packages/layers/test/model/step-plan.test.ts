import { registerCpuKernels, unregisterCpuKernels } from '@cellstate/backends/cpu';
import { ndarray } from '@cellstate/core';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Layer, Model } from '../../src/index.ts';
import {
  activation,
  add,
  dense,
  dropout,
  functional,
  gaussianNoise,
  gru,
  input,
  lstm,
  masking,
  sequential,
  simpleRnn,
  spatialDropout1d,
  timeDistributed,
} from '../../src/index.ts';
import { planSteps } from '../../src/model/step-plan.ts';
import { arrayOf, setKerasWeights, tensorOf } from '../recurrent/keras-setting.ts';
import { series } from './series.ts';

const close = { absolute: 1e-6, relative: 1e-6 };
const sequence = { returnSequences: true } as const;
const first = { ...sequence, inputShape: [null, 2] } as const;

const planned: [name: string, layers: () => Layer<unknown>[]][] = [
  ['lstm', () => [lstm({ units: 5, ...first }), dense({ units: 2 })]],
  ['lstm without bias', () => [lstm({ units: 3, useBias: false, ...first }), dense({ units: 2, useBias: false, activation: 'relu' })]],
  ['gru', () => [gru({ units: 5, ...first }), timeDistributed({ layer: dense({ units: 3, activation: 'sigmoid' }) })]],
  ['gru, reset before', () => [gru({ units: 6, resetAfter: false, ...first })]],
  ['gru without bias', () => [gru({ units: 3, useBias: false, ...first })]],
  ['gru, reset before, without bias', () => [gru({ units: 3, useBias: false, resetAfter: false, ...first })]],
  ['simpleRnn', () => [simpleRnn({ units: 5, ...first })]],
  ['simpleRnn without bias', () => [simpleRnn({ units: 3, useBias: false, ...first })]],
  [
    'a stack with layers that only training has',
    () => [
      lstm({ units: 4, dropout: 0.2, ...first }),
      spatialDropout1d({ rate: 0.3 }),
      gru({ units: 3, ...sequence }),
      gaussianNoise({ stddev: 0.1 }),
      dropout({ rate: 0.5 }),
      dense({ units: 2 }),
      activation({ activation: 'tanh' }),
    ],
  ],
];

const SETTING = { lanes: 1, inputs: ['steps'], outputs: ['steps'] } as const;

function build(layers: Layer<unknown>[]): Model<unknown> {
  const made = sequential(layers);
  setKerasWeights(made);
  return made as unknown as Model<unknown>;
}

beforeAll(() => void registerCpuKernels());
afterAll(unregisterCpuKernels);

describe('steps on plain arrays', () => {
  test.each(planned)('%s: as the whole sequence, and steps mixed with chunks', (_, layers) => {
    const made = build(layers());
    expect(planSteps(made, SETTING)).not.toBeNull();
    const x = series(3, 7);
    const whole = arrayOf(() => made.call(tensorOf(x)).outputs as tf.Tensor);
    expectNoLeak(() => {
      const steps = made.stream({ lanes: 3 }) as unknown as ReturnType<Model['stream']>;
      for (let t = 0; t < 7; t++) expectClose(steps.push(step(x, t)).data, whole.slice([null, [t, t + 1]]).data, close);
      steps.reset();
      expectClose(steps.push(step(x, 0)).data, whole.slice([null, [0, 1]]).data, close);
      expectClose(steps.push(x.slice([null, [1, 4]])), whole.slice([null, [1, 4]]), close);
      expectClose(steps.push(step(x, 4)).data, whole.slice([null, [4, 5]]).data, close);
      steps.dispose();
    });
    made.dispose();
  });

  test('a step makes no tensor', () => {
    const made = build([lstm({ units: 3, inputShape: [null, 2] }), dense({ units: 1 })]);
    const stream = made.stream();
    stream.push([0.1, 0.2]);
    const before = tf.scalar(0);
    stream.push([0.3, 0.4]);
    const after = tf.scalar(0);
    expect(after.id - before.id).toBe(1);
    tf.dispose([before, after]);
    stream.dispose();
    made.dispose();
  });

  test.each([
    ['a mask', () => [masking({ inputShape: [null, 2] }), lstm({ units: 2 })]],
    ['another activation of the cell', () => [lstm({ units: 2, activation: 'relu', inputShape: [null, 2] })]],
    ['an activation that only tensors have', () => [lstm({ units: 2, inputShape: [null, 2] }), dense({ units: 2, activation: 'softmax' })]],
    ['a step so large that the whole kernel is faster', () => [lstm({ units: 200, inputShape: [null, 2] })]],
  ])('there is no plan for %s', (_, layers) => {
    const made = build(layers() as Layer<unknown>[]);
    expect(planSteps(made, SETTING)).toBeNull();
    const stream = made.stream() as unknown as ReturnType<Model['stream']>;
    const x = series(1, 1);
    const whole = arrayOf(() => made.call(tensorOf(x)).outputs as tf.Tensor);
    expectClose(stream.push(step(x, 0)).data, whole.data, { absolute: 1e-5 });
    stream.dispose();
    made.dispose();
  });

  test('there is none for a wired state, two outputs of a layer, or tokens', () => {
    const x = input({ shape: [null, 2] });
    const fixed = input({ shape: [3] });
    const wired = functional({ inputs: [x, fixed], outputs: gru({ units: 3 }).apply(x, { initialState: fixed }) });
    const two = functional({ inputs: x, outputs: gru({ units: 3, returnState: true }).apply(x) });
    const merged = functional({ inputs: x, outputs: add().apply([gru({ units: 2 }).apply(x), lstm({ units: 2 }).apply(x)]) });
    for (const made of [wired, two, merged]) {
      expect(
        planSteps(made as unknown as Model<unknown>, { ...SETTING, inputs: made === wired ? ['steps', 'static'] : ['steps'] }),
      ).toBeNull();
      made.dispose();
    }
  });

  test('two branches of one input, and one layer called twice', () => {
    const x = input({ shape: [null, 2] });
    const shared = lstm({ units: 2, ...sequence });
    const once = shared.apply(x);
    const twice = shared.apply(once);
    const made = functional({ inputs: x, outputs: [twice, simpleRnn({ units: 3 }).apply(once)] });
    setKerasWeights(made as unknown as Model<unknown>);
    expect(planSteps(made as unknown as Model<unknown>, { lanes: 2, inputs: ['steps'], outputs: ['steps', 'last'] })).not.toBeNull();
    const rows = series(2, 4);
    const [sequences, last] = [0, 1].map((i) => arrayOf(() => (made.call(tensorOf(rows)).outputs as tf.Tensor[])[i] as tf.Tensor));
    const stream = made.stream({ lanes: 2 });
    for (let t = 0; t < 3; t++) stream.push(step(rows, t));
    const [a, b] = stream.push(step(rows, 3));
    expectClose(a.data, sequences.slice([null, [3, 4]]).data, close);
    expectClose(b, last, close);
    stream.dispose();
    made.dispose();
  });
});

describe('state on plain arrays', () => {
  const model = () => build([lstm({ units: 3, ...first }), gru({ units: 2, ...sequence })]) as unknown as Model;

  test('reset of some lanes, snapshot, restore and fork', () => {
    const made = model();
    const x = series(2, 4);
    expectNoLeak(() => {
      const stream = made.stream({ lanes: 2 });
      const fresh = stream.push(step(x, 0));
      const second = stream.push(step(x, 0));
      stream.reset([1]);
      const mixed = stream.push(step(x, 0));
      expectClose(mixed.slice([[1, 2]]), fresh.slice([[1, 2]]), close);
      expect(mixed.slice([[0, 1]]).toNested()).not.toEqual(second.slice([[0, 1]]).toNested());
      stream.reset();
      stream.push(step(x, 0));
      const saved = JSON.parse(JSON.stringify(stream.snapshot()));
      const branch = stream.fork();
      expectClose(stream.push(step(x, 0)), second, close);
      expectClose(branch.push(step(x, 0)), second, close);
      branch.dispose();
      stream.restore(saved);
      expectClose(stream.push(step(x, 0)), second, close);
      expect(() => stream.push([1, 2, 3])).toThrow('SHAPE_MISMATCH');
      expect(() => stream.push([[1, 2]])).toThrow('another number of lanes');
      stream.dispose();
      expect(() => stream.push(step(x, 0))).toThrow('DISPOSED');
    });
    made.dispose();
  });

  test('new weights count from the next step, and what was given back stays as it was', () => {
    const made = model();
    const stream = made.stream();
    const before = stream.push([0.4, -0.2]);
    const kept = Array.from(before.data);
    made.setWeights(
      made.getWeights().map(({ data, shape }, i) =>
        ndarray(
          data.map((value) => value * (1.1 + 0.1 * i)),
          shape,
        ),
      ),
    );
    stream.reset();
    const after = stream.push([0.4, -0.2]);
    const whole = arrayOf(() => made.call(tf.tensor3d([[[0.4, -0.2]]])).outputs as tf.Tensor);
    expectClose(after.data, whole.data, close);
    expect(after.toNested()).not.toEqual(kept);
    expect(Array.from(before.data)).toEqual(kept);
    stream.dispose();
    made.dispose();
  });

  test('the state survives kernels that go and come, and a push of tensors', async () => {
    const made = model();
    const x = series(1, 5);
    const whole = arrayOf(() => made.call(tensorOf(x)).outputs as tf.Tensor);
    const at = (t: number) => whole.slice([null, [t, t + 1]]).data;
    await expectNoLeak(async () => {
      const stream = made.stream();
      expectClose(stream.push(step(x, 0)).data, at(0), close);
      unregisterCpuKernels();
      expectClose(stream.push(step(x, 1)).data, at(1), close);
      registerCpuKernels();
      const row = tf.tensor2d(Array.from(step(x, 2).data), [1, 2]);
      expectClose(stream.push(row).data, at(2), close);
      row.dispose();
      expectClose((await stream.pushAsync(step(x, 3))).data, at(3), close);
      expectClose(stream.push(step(x, 4)).data, at(4), close);
      stream.dispose();
    });
    made.dispose();
  });
});

/** Step t of every lane. */
function step(x: ReturnType<typeof series>, t: number): ReturnType<typeof series> {
  return x.slice([null, [t, t + 1]]).reshape([x.shape[0] as number, 2]);
}
