import { random, splitSeed } from '@cellstate/core';
import {
  arrayEngine,
  arraySequence,
  gruSequence,
  lstmSequence,
  SEQUENCE_CELLS,
  type SequenceOp,
  simpleRnnSequence,
  variableGradients,
} from '@cellstate/ops';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, describe, expect, test } from 'vitest';
import { registerCpuKernels, unregisterCpuKernels } from '../../src/cpu/index.ts';

const KINDS: [name: string, op: SequenceOp, sequence: typeof gruSequence, options: { resetAfter?: boolean }][] = [
  ['lstm', 'lstm', lstmSequence, {}],
  ['gru', 'gru', gruSequence, {}],
  ['gru, reset before', 'gru', gruSequence, { resetAfter: false }],
  ['simpleRnn', 'simpleRnn', simpleRnnSequence, {}],
];

const SIZES = [
  { batch: 1, time: 3, features: 1, units: 4 },
  { batch: 3, time: 1, features: 2, units: 5 },
  { batch: 9, time: 4, features: 3, units: 8 },
];

afterAll(unregisterCpuKernels);

function numbers(length: number, key: string): Float32Array {
  const { normal } = random(splitSeed(4, key));
  return Float32Array.from({ length }, () => 0.6 * normal());
}

describe.each([false, true])('with SIMD: %s', (simd) => {
  test.each(KINDS)('%s on arrays is %s on tensors, bit by bit', (_, op, sequence, options) => {
    registerCpuKernels({ simd });
    expectNoLeak(() => {
      for (const sizes of SIZES) {
        for (const goBackwards of [false, true]) {
          for (const useBias of [false, true]) {
            for (const withState of [false, true]) {
              for (const sparing of [false, true]) {
                for (const mask of [undefined, ragged(sizes)]) {
                  for (const zeroOutputForMask of mask === undefined ? [false] : [false, true]) {
                    const own = { ...options, goBackwards, zeroOutputForMask };
                    compare({ op, sequence, options: own, sizes, useBias, withState, mask, sparing });
                  }
                }
              }
            }
          }
        }
      }
    });
  });
});

/** Rows of more and more real steps, from none to all, with one that is not before the last; one row alone is of that kind, too. */
function ragged({ batch, time }: (typeof SIZES)[number]): Uint8Array {
  return Uint8Array.from({ length: batch * time }, (_, i) => {
    const row = batch === 1 ? time : Math.floor(i / time);
    const step = i % time;
    return step < row - 2 || step === row - 1 ? 1 : 0;
  });
}

interface Comparison {
  readonly op: SequenceOp;
  readonly sequence: typeof gruSequence;
  readonly options: { readonly resetAfter?: boolean; readonly goBackwards: boolean; readonly zeroOutputForMask: boolean };
  readonly sizes: (typeof SIZES)[number];
  readonly useBias: boolean;
  readonly withState: boolean;
  readonly mask: Uint8Array | undefined;
  /** Whether nobody reads all outputs and the gradient of x. */
  readonly sparing: boolean;
}

function compare({ op, sequence, options, sizes, useBias, withState, mask, sparing }: Comparison): void {
  const { batch, time, features, units } = sizes;
  const { gates, states } = SEQUENCE_CELLS[op];
  const width = gates * units;
  const biasShape = op === 'gru' && options.resetAfter !== false ? [2, width] : [width];
  // What padding holds touches nothing.
  const x = numbers(batch * time * features, 'x').map((value, i) => (mask?.[Math.floor(i / features)] === 0 ? Number.NaN : value));
  const kernel = numbers(features * width, 'kernel');
  const recurrentKernel = numbers(units * width, 'recurrent');
  const bias = useBias ? numbers(width * (biasShape.length === 2 ? 2 : 1), 'bias') : undefined;
  const state = withState ? states.map((name) => numbers(batch * units, name)) : undefined;
  const [dOutputs, dLast] = [numbers(batch * time * units, 'outputs'), numbers(batch * units, 'last')];
  const onArrays = arraySequence(op, { ...sizes, ...options, lastOnly: sparing, constantInput: sparing });
  if (onArrays === undefined) throw new Error('The engine has no such kernels.');
  // A pass whose gradient nobody asks for goes before.
  onArrays.forward({ x: numbers(x.length, 'other'), kernel, recurrentKernel, bias: undefined, state: undefined, mask: undefined });
  // Results hold until the next kernel runs.
  const given = structuredClone(onArrays.forward({ x, kernel, recurrentKernel, bias, state, mask }));
  const back = structuredClone(onArrays.backward({ ...(sparing ? {} : { outputs: dOutputs }), last: dLast }));
  tf.tidy(() => {
    const variables = [
      tf.variable(tf.tensor3d(x, [batch, time, features])),
      tf.variable(tf.tensor2d(kernel, [features, width])),
      tf.variable(tf.tensor2d(recurrentKernel, [units, width])),
      ...(bias === undefined ? [] : [tf.variable(tf.tensor(bias, biasShape))]),
    ];
    const [vx, vKernel, vRecurrent, vBias] = variables as unknown as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D | undefined];
    const { value, grads } = variableGradients(() => {
      const result = sequence(
        {
          x: vx,
          kernel: vKernel,
          recurrentKernel: vRecurrent,
          ...(vBias === undefined ? {} : { bias: vBias }),
          ...(state === undefined ? {} : { state: state.map((values) => tf.tensor2d(values, [batch, units])) }),
          ...(mask === undefined ? {} : { mask: tf.tensor2d(mask, [batch, time], 'bool') }),
        },
        options,
      );
      if (!sparing) expect(result.outputs.dataSync()).toEqual(given.outputs);
      expect(result.last.dataSync()).toEqual(given.last);
      for (const [i, after] of result.state.entries()) expect(after.dataSync()).toEqual(given.state[i]);
      const weighted = tf.sum(tf.mul(result.last, tf.tensor2d(dLast, [batch, units])));
      if (sparing) return weighted as tf.Scalar;
      return tf.add(weighted, tf.sum(tf.mul(result.outputs, tf.tensor3d(dOutputs, [batch, time, units])))) as tf.Scalar;
    }, variables);
    expect(value.shape).toEqual([]);
    const found = (sparing ? variables.slice(1) : variables).map(({ name }) => grads[name]?.dataSync());
    const { x: dX, kernel: dKernel, recurrentKernel: dRecurrentKernel, bias: dBias } = back;
    expect(found).toEqual([...(sparing ? [] : [dX]), dKernel, dRecurrentKernel, ...(bias === undefined ? [] : [dBias])]);
    tf.dispose(variables);
  });
}

test('there is none where the kernels are not, and the engine tells', () => {
  registerCpuKernels({ simd: false });
  const sizes = SIZES[0] as (typeof SIZES)[number];
  const plain = arrayEngine();
  expect(arraySequence('lstm', sizes)).toBeDefined();
  expect(arraySequence('lstm', { ...sizes, activation: { name: 'relu', apply: (x) => x } })).toBeUndefined();
  registerCpuKernels({ simd: true });
  expect(() => arraySequence('lstm', { ...sizes, unroll: true } as never)).toThrow('unroll');
  const simd = arrayEngine();
  expect(simd).not.toBe(plain);
  registerCpuKernels({ simd: false });
  expect(arrayEngine()).toBe(plain);
  unregisterCpuKernels();
  expect(arrayEngine()).not.toBe(plain);
  expect(arraySequence('lstm', sizes)).toBeUndefined();
});
