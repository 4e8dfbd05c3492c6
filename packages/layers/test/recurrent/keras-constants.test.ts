// Values of Keras' own tests: every kernel 0.01, recurrent kernel 0.02, bias 0.03 (forget bias 1 unless said), input 0, 1, 2, …
import { expectClose } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import type { CallOptions, Layer, Model, SymbolicTensor } from '../../src/index.ts';
import { bidirectional, constant, dense, functional, gru, input, lstm, simpleRnn, timeDistributed } from '../../src/index.ts';
import { run } from './keras-setting.ts';

const constants = {
  kernelInitializer: constant({ value: 0.01 }),
  recurrentInitializer: constant({ value: 0.02 }),
  biasInitializer: constant({ value: 0.03 }),
};
const gates = { ...constants, units: 3 };
const pair = { ...constants, units: 2 };
const four = { ...constants, units: 4 };

function counting(shape: readonly number[]): tf.Tensor {
  return tf.reshape(
    tf.range(
      0,
      shape.reduce((a, b) => a * b),
      1,
      'float32',
    ),
    [...shape],
  );
}

function build(layer: Layer<unknown>, shape: readonly number[]): Model<unknown> {
  const x = input({ shape: shape.slice(1) });
  return functional({ inputs: x, outputs: layer.apply(x) as SymbolicTensor });
}

/** Outputs for 0, 1, 2, … of this shape, given that the units of a row are equal: one number for each row or step. */
function rows(layer: Layer<unknown>, shape: readonly number[], options: () => CallOptions = () => ({})): number[] {
  const made = build(layer, shape);
  const outputs = tf.tidy(() => {
    const value = made.call(counting(shape), options()).outputs as tf.Tensor;
    const units = value.shape.at(-1) as number;
    const flat = Array.from(value.dataSync());
    for (const [k, each] of flat.entries()) expectClose(each, flat[k - (k % units)]);
    return flat.filter((_, k) => k % units === 0);
  });
  made.dispose();
  return outputs;
}

const close = { absolute: 1e-6, relative: 1e-6 };

describe('lstm', () => {
  test.each([
    ['default', {}, [0.6288687, 0.86899155, 0.9460773]],
    ['unroll', { unroll: true }, [0.6288687, 0.86899155, 0.9460773]],
    ['goBackwards', { goBackwards: true }, [0.35622165, 0.74789524, 0.8872726]],
    ['unitForgetBias false', { unitForgetBias: false }, [0.57019705, 0.8661914, 0.9459622]],
    ['useBias false', { useBias: false }, [0.54986924, 0.86226785, 0.9443936]],
  ])('%s', (_, options, expected) => expectClose(rows(lstm({ ...gates, ...options }), [3, 6, 4]), expected, close));

  test('second call of a stateful layer', () => {
    expectClose(secondCall(lstm({ ...four, stateful: true }), [2, 3, 4]), [0.3124785, 0.6863672], close);
  });

  test('initial state', () => {
    const state = () => ({ state: { 'lstm#0': [tf.tensor2d([0, 1, 2, 3], [2, 2]), tf.tensor2d([0, 1, 2, 3], [2, 2])] } });
    const forward = all(lstm(pair), [2, 4, 3], state);
    expectClose(forward, [0.20574439, 0.3558822, 0.64930826, 0.66276], close);
    expectClose(all(lstm({ ...pair, goBackwards: true }), [2, 4, 3], state), [0.13281618, 0.2790356, 0.5839337, 0.5992567], close);
  });

  test('mask', () => {
    const mask = () => ({ mask: tf.tensor2d([1, 1, 1, 0, 1, 1, 0, 0], [2, 4]) });
    expectClose(rows(lstm(pair), [2, 4, 3], mask), [0.11755939, 0.28556206], close);
    const steps = [0.0158891, 0.05552048, 0.11755939, 0.11755939, 0.14185596, 0.28556206, 0.28556206, 0.28556206];
    expectClose(rows(lstm({ ...pair, returnSequences: true }), [2, 4, 3], mask), steps, close);
    const zeroed = steps.map((value, k) => ([3, 6, 7].includes(k) ? 0 : value));
    expectClose(rows(lstm({ ...pair, returnSequences: true, zeroOutputForMask: true }), [2, 4, 3], mask), zeroed, close);
    const reversed = () => ({ mask: tf.tensor2d([0, 1, 1, 1, 0, 0, 1, 1], [2, 4]) });
    expectClose(rows(lstm({ ...pair, goBackwards: true }), [2, 4, 3], reversed), [0.15341201, 0.3844719], close);
  });
});

describe('gru', () => {
  const mask = () => ({ mask: tf.tensor2d([1, 1, 0, 1, 1, 0, 0, 1], [2, 4]) });

  test.each([
    ['default', {}, [0.5217289, 0.6371659, 0.39384964]],
    ['goBackwards', { goBackwards: true }, [0.24406259, 0.611516, 0.3928808]],
    ['resetAfter false', { resetAfter: false }, [0.51447755, 0.6426879, 0.40208298]],
    ['useBias false', { useBias: false }, [0.49988455, 0.64701194, 0.4103359]],
  ])('%s', (_, options, expected) => expectClose(rows(gru({ ...gates, ...options }), [3, 6, 4]), expected, close));

  test('second call of a stateful layer', () => {
    expectClose(secondCall(gru({ ...four, stateful: true }), [2, 3, 4]), [0.29542392, 0.5885018], close);
  });

  test('initial state', () => {
    const state = () => ({ state: { 'gru#0': [tf.tensor2d([0, 1, 2, 3], [2, 2])] } });
    expectClose(all(gru(pair), [2, 4, 3], state), [0.23774096, 0.33508456, 0.83659905, 1.0227708], close);
    expectClose(all(gru({ ...pair, goBackwards: true }), [2, 4, 3], state), [0.13486053, 0.23261218, 0.78257304, 0.9691353], close);
  });

  test('mask', () => {
    expectClose(rows(gru(pair), [2, 4, 3], mask), [0.19393763, 0.30818558], close);
    const steps = [0.03606692, 0.09497581, 0.09497581, 0.19393763, 0.16051409, 0.16051409, 0.16051409, 0.30818558];
    expectClose(rows(gru({ ...pair, returnSequences: true }), [2, 4, 3], mask), steps, close);
    const zeroed = steps.map((value, k) => ([2, 5, 6].includes(k) ? 0 : value));
    expectClose(rows(gru({ ...pair, returnSequences: true, zeroOutputForMask: true }), [2, 4, 3], mask), zeroed, close);
    expectClose(rows(gru({ ...pair, goBackwards: true }), [2, 4, 3], mask), [0.11669192, 0.28380975], close);
  });
});

describe('simpleRnn', () => {
  const mask = () => ({ mask: tf.tensor2d([1, 1, 0, 1, 1, 0, 0, 1], [2, 4]) });

  test('default, backwards, second call', () => {
    expectClose(rows(simpleRnn(four), [2, 3, 4]), [0.405432, 0.73605347], close);
    expectClose(rows(simpleRnn({ ...four, goBackwards: true }), [2, 3, 4]), [0.11144729, 0.5528889], close);
    expectClose(secondCall(simpleRnn({ ...four, stateful: true }), [2, 3, 4]), [0.40559256, 0.7361247], close);
  });

  test('initial state', () => {
    const state = () => ({ state: { 'simple_rnn#0': [counting([2, 4]) as tf.Tensor2D] } });
    expectClose(rows(simpleRnn(four), [2, 4, 3], state), [0.33621645, 0.6262637], close);
    expectClose(rows(simpleRnn({ ...four, goBackwards: true }), [2, 4, 3], state), [0.07344437, 0.43043602], close);
  });

  test('mask', () => {
    expectClose(rows(simpleRnn({ ...four, unroll: true }), [2, 4, 3], mask), [0.32951632, 0.61799484], close);
    const steps = [0.0599281, 0.15122814, 0.15122814, 0.32394567, 0.3969304, 0.3969304, 0.3969304, 0.608085];
    expectClose(rows(simpleRnn({ ...pair, returnSequences: true }), [2, 4, 3], mask), steps, close);
    expectClose(rows(simpleRnn({ ...four, goBackwards: true }), [2, 4, 3], mask), [0.07376196, 0.43645123], close);
  });
});

describe('bidirectional', () => {
  const layer = () => simpleRnn(pair);

  test('merge modes', () => {
    const halves = [0.39687276, 0.39687276, 0.10004295, 0.10004295, 0.7237238, 0.7237238, 0.53391594, 0.53391594];
    expectClose(all(bidirectional({ layer: layer() }), [2, 3, 4]), halves, close);
    expectClose(rows(bidirectional({ layer: layer(), mergeMode: 'ave' }), [2, 3, 4]), [0.24845785, 0.6288199], close);
    const made = build(bidirectional({ layer: layer(), mergeMode: null }), [2, 3, 4]);
    tf.tidy(() => {
      const [ahead, back] = run(made, counting([2, 3, 4])).outputs;
      expectClose(ahead, [...halves.slice(0, 2), ...halves.slice(4, 6)], close);
      expectClose(back, [...halves.slice(2, 4), ...halves.slice(6, 8)], close);
    });
    made.dispose();
  });

  test('a backward layer of its own', () => {
    const backwardLayer = simpleRnn({
      ...pair,
      kernelInitializer: constant({ value: 0.03 }),
      biasInitializer: constant({ value: 0.01 }),
      goBackwards: true,
    });
    expectClose(rows(bidirectional({ layer: layer(), mergeMode: 'mul', backwardLayer }), [2, 3, 4]), [0.08374989, 0.6740834], close);
  });

  test('sequences, summed', () => {
    const expected = [0.20937867, 0.34462988, 0.40290534, 0.59829646, 0.6734641, 0.6479671];
    expectClose(rows(bidirectional({ layer: gru({ ...pair, returnSequences: true }), mergeMode: 'sum' }), [2, 3, 4]), expected, close);
  });

  test('second call of a stateful layer', () => {
    const made = build(bidirectional({ layer: lstm({ ...pair, stateful: true }) }), [2, 4, 3]);
    expect(made.statefulCalls).toEqual(['bidirectional/forward_lstm#0', 'bidirectional/backward_lstm#0']);
    tf.tidy(() => {
      const x = counting([2, 4, 3]);
      const second = run(made, x, { state: made.call(x).state });
      expectClose(second.outputs[0], [0.26234663, 0.26234663, 0.16959146, 0.16959146, 0.6137073, 0.6137073, 0.5381646, 0.5381646], close);
    });
    made.dispose();
  });

  test('initial states: the first half forward, the second backward', () => {
    const x = input({ shape: [4, 3] });
    const states = [1, 2, 3, 4].map(() => input({ shape: [2] }));
    const made = functional({ inputs: [x, ...states], outputs: bidirectional({ layer: lstm(pair) }).apply(x, { initialState: states }) });
    tf.tidy(() => {
      const given = [1, 2, 3, 4].map((factor) => tf.mul(factor, counting([2, 2])));
      const expected = [0.20794602, 0.4577124, 0.14046375, 0.48191673, 0.6682636, 0.6711909, 0.60943645, 0.60950446];
      expectClose(made.call([counting([2, 4, 3]), ...given]).outputs as tf.Tensor, expected, close);
    });
    made.dispose();
  });

  test('states and masks', () => {
    const made = build(bidirectional({ layer: lstm({ ...pair, returnState: true }) }), [2, 4, 3]);
    tf.tidy(() => {
      const [out, , forwardCell, , backwardCell] = run(made, counting([2, 4, 3])).outputs;
      expectClose(out, [0.1990008, 0.1990008, 0.12659755, 0.12659755, 0.52335435, 0.52335435, 0.44717982, 0.44717982], close);
      expectClose(forwardCell, [0.35567185, 0.35567185, 1.0492687, 1.0492687], close);
      expectClose(backwardCell, [0.2501858, 0.2501858, 0.941473, 0.941473], close);
    });
    made.dispose();
    const mask = () => ({ mask: tf.tensor2d([1, 1, 0, 1, 1, 0, 0, 1], [2, 4]) });
    const masked = [0.19393763, 0.19393763, 0.11669192, 0.11669192, 0.30818558, 0.30818558, 0.28380975, 0.28380975];
    expectClose(all(bidirectional({ layer: gru(pair) }), [2, 4, 3], mask), masked, close);
  });
});

test('timeDistributed', () => {
  const layer = timeDistributed({ layer: dense({ units: 1, kernelInitializer: constant({ value: 0.01 }), useBias: false }) });
  expectClose(rows(layer, [3, 2, 4]), [0.06, 0.22, 0.38, 0.54, 0.7, 0.86], close);
});

function all(layer: Layer<unknown>, shape: readonly number[], options: () => CallOptions = () => ({})): number[] {
  const made = build(layer, shape);
  const values = tf.tidy(() => run(made, counting(shape), options()).outputs[0]);
  made.dispose();
  return values;
}

function secondCall(layer: Layer<unknown>, shape: readonly number[]): number[] {
  const made = build(layer, shape);
  const values = tf.tidy(() => {
    const x = counting(shape);
    const [output] = run(made, x, { state: made.call(x).state }).outputs;
    return output.filter((_, k) => k % 4 === 0);
  });
  made.dispose();
  return values;
}
