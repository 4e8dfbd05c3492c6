import '@cellstate/ops';
import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { maxNorm } from '../../src/constraints.ts';
import { l2 } from '../../src/regularizers.ts';
import { dense } from '../../src/stateless/dense.ts';
import { checkGradients, kerasX, shapesAgree, valuesOf } from '../run-layer.ts';

describe('dense', () => {
  it("gives Keras' numbers for each time step", () => {
    const values = expectNoLeak(() => valuesOf(dense({ units: 2, activation: 'relu' }), () => [kerasX()]));
    const keras = [
      0.39098415, 0.69988143, 0.30706868, 0.75388765, 0.0, 0.0, 0.06702098, 0.16631328, 0.50006282, 0.9668777, 0.0, 0.21271726, 0.0, 0.0,
      0.40027925, 0.71706533,
    ];
    expectClose((values as number[][][]).flat(2), keras, { absolute: 1e-6, relative: 0 });
  });

  it('is the sum of products in float64, for a batch of vectors', () => {
    const [x, kernel, bias] = [asymmetric([3, 4], 0.7), asymmetric([4, 2], 0.1, 0.37), asymmetric([2], 0.2, 0.53)];
    const expected = Array.from({ length: 6 }, (_, k) => {
      const [row, unit] = [Math.floor(k / 2), k % 2];
      return [0, 1, 2, 3].reduce((sum, i) => sum + x[row * 4 + i] * kernel[i * 2 + unit], bias[unit]);
    });
    const values = valuesOf(dense({ units: 2 }), () => [asymmetricTensor([3, 4], 0.7)]);
    expectClose((values as number[][]).flat(), expected);
    const free = valuesOf(dense({ units: 2, useBias: false }), () => [asymmetricTensor([3, 4], 0.7)]);
    expectClose(
      (free as number[][]).flat(),
      expected.map((value, k) => value - bias[k % 2]),
    );
  });

  it('has gradients for input, kernel and bias', () => {
    checkGradients(dense({ units: 3, activation: 'tanh' }), () => [asymmetricTensor([2, 3, 2], 0.4)]);
    checkGradients(dense({ units: 2, useBias: false }), () => [asymmetricTensor([3, 4], 0.4)]);
  });

  it('knows its shape and its parameters', () => {
    expect(shapesAgree(dense({ units: 5 }), () => [tf.ones([2, 3, 4])])).toBe(true);
    const layer = dense({ units: 5, kernelRegularizer: 'l2', biasConstraint: 'non_neg' });
    const specs = layer.definition.parameters?.([{ shape: [null, 3, 4], dtype: 'float32' }]) ?? [];
    expect(specs.map(({ name, shape }) => [name, shape])).toEqual([
      ['kernel', [4, 5]],
      ['bias', [5]],
    ]);
    expect(specs[0].regularizer).toBeTypeOf('function');
    expect(specs[1].constraint).toBeTypeOf('function');
  });

  it('refuses what it cannot do', () => {
    expect(() => dense({ units: 0 })).toThrow(/INVALID_UNITS/);
    expect(() => dense({ units: 2, kernalInitializer: 'zeros' } as never)).toThrow(/Did you mean 'kernelInitializer'/);
    expect(() => dense({ units: 2, kernelInitializer: 'glorot' })).toThrow(/UNKNOWN_INITIALIZER/);
    expect(() => dense({ units: 2 }).definition.parameters?.([{ shape: [null, null], dtype: 'float32' }])).toThrow(/last axis/);
  });

  it('says every option in effect', () => {
    const { name, ...config } = dense({
      units: 2,
      activation: 'hardSigmoid',
      kernelRegularizer: l2({ l2: 0.1 }),
      biasConstraint: maxNorm(),
    }).getConfig();
    expect(name).toBe('dense');
    expect(config).toEqual({
      trainable: true,
      units: 2,
      activation: 'hard_sigmoid',
      useBias: true,
      kernelInitializer: { name: 'glorotUniform', seed: null },
      biasInitializer: { name: 'zeros' },
      kernelRegularizer: { name: 'l2', l2: 0.1 },
      biasRegularizer: null,
      kernelConstraint: null,
      biasConstraint: { name: 'maxNorm', maxValue: 2, axis: 0 },
    });
  });
});
