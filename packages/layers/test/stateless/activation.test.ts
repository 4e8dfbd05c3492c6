import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { activation } from '../../src/stateless/activation.ts';
import { checkGradients, runLayer, shapesAgree, valuesOf } from '../run-layer.ts';

const points = [-4, -3, -1, -0.5, 0, 0.5, 1, 3, 4];

describe('activation', () => {
  it('applies the function of that name, as Keras 3 defines it', () => {
    const hardSigmoid = expectNoLeak(() => valuesOf(activation({ activation: 'hard_sigmoid' }), () => [tf.tensor2d([points])]));
    expectClose(hardSigmoid as number[][], [[0, 0, 0.3333333, 0.41666666, 0.5, 0.5833333, 0.6666667, 1, 1]]);
    const tanh = valuesOf(activation({ activation: 'tanh' }), () => [tf.tensor2d([points])]);
    expectClose(tanh as number[][], [points.map(Math.tanh)]);
  });

  it('takes softmax over the last axis of every step', () => {
    const values = valuesOf(activation({ activation: 'softmax' }), () => [
      tf.tensor3d([
        [
          [0, Math.log(3)],
          [Math.log(4), 0],
        ],
      ]),
    ]);
    expectClose(values as number[][][], [
      [
        [0.25, 0.75],
        [0.8, 0.2],
      ],
    ]);
  });

  it('takes null for linear and a function of yours', () => {
    expect(valuesOf(activation({ activation: null }), () => [tf.tensor2d([[1, -2]])])).toEqual([[1, -2]]);
    const own = activation({ activation: (x: tf.Tensor) => tf.square(x) });
    expect(valuesOf(own, () => [tf.tensor2d([[3, -2]])])).toEqual([[9, 4]]);
    expect(own.getConfig()).toEqual({ name: 'activation', trainable: true, activation: 'custom' });
  });

  it('halves the last axis for glu', () => {
    expect(shapesAgree(activation({ activation: 'glu' }), () => [tf.ones([2, 3, 4])])).toBe(true);
    expect(shapesAgree(activation({ activation: 'relu' }), () => [tf.ones([2, 3, 4])])).toBe(true);
  });

  it('has gradients and passes the mask on', () => {
    checkGradients(activation({ activation: 'gelu' }), () => [tf.tensor2d([[0.3, -0.7, 1.1]])]);
    expect(activation({ activation: 'relu' }).definition.masking).toBe('pass');
  });

  it('refuses what it cannot do', () => {
    expect(() => activation({} as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An activation layer needs to know its function. [MISSING_OPTION]
        expected: { activation: 'relu' }
        received: no activation
        where: activation]
    `);
    expect(() => activation({ activation: 'rellu' })).toThrow(/UNKNOWN_ACTIVATION/);
    expect(() => activation({ activation: 'relu', units: 3 } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('leaves nothing behind', () => {
    expectNoLeak(() => tf.tidy(() => runLayer(activation({ activation: 'elu' }), [tf.ones([2, 2])]).outputs[0].dataSync()[0]));
  });
});
