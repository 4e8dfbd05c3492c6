import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { getConstraint, maxNorm, minMaxNorm, nonNeg, unitNorm } from '../src/constraints.ts';
import type { Constraint } from '../src/contract.ts';

const [rows, columns] = [3, 4];
const matrix = asymmetric([rows, columns], 0.3).map((value, i) => value * (1 + i));

function apply(constraint: Constraint): Float32Array {
  return expectNoLeak(() => tf.tidy(() => constraint(tf.tensor2d(matrix, [rows, columns])).dataSync() as Float32Array));
}

/** Each column (axis 0) or row (axis 1) multiplied by factor(norm), in float64. */
function scaled(factor: (norm: number) => number, axis = 0): number[] {
  const norms = Array.from({ length: axis === 0 ? columns : rows }, (_, k) => {
    let sum = 0;
    matrix.forEach((value, i) => {
      if ((axis === 0 ? i % columns : Math.floor(i / columns)) === k) sum += value * value;
    });
    return Math.sqrt(sum);
  });
  return Array.from(matrix, (value, i) => value * factor(norms[axis === 0 ? i % columns : Math.floor(i / columns)]));
}

describe('constraints', () => {
  it('maxNorm shrinks only what is longer', () => {
    expectClose(
      apply(maxNorm({ maxValue: 3 })),
      scaled((n) => Math.min(n, 3) / (1e-7 + n)),
    );
    expectClose(
      apply(maxNorm({ maxValue: 3, axis: 1 })),
      scaled((n) => Math.min(n, 3) / (1e-7 + n), 1),
    );
    expect(apply(maxNorm({ maxValue: 3 }))).not.toEqual(apply(maxNorm()));
  });

  it('unitNorm scales to 1, over several axes too', () => {
    expectClose(
      apply(unitNorm()),
      scaled((n) => 1 / (1e-7 + n)),
    );
    const whole = apply(unitNorm({ axis: [0, 1] }));
    expect(whole.reduce((sum, value) => sum + value * value, 0)).toBeCloseTo(1, 5);
  });

  it('minMaxNorm moves towards the bounds by its rate', () => {
    const rule = (rate: number) => (n: number) => (rate * Math.min(Math.max(n, 2), 4) + (1 - rate) * n) / (1e-7 + n);
    expectClose(apply(minMaxNorm({ minValue: 2, maxValue: 4 })), scaled(rule(1)));
    expectClose(apply(minMaxNorm({ minValue: 2, maxValue: 4, rate: 0.25 })), scaled(rule(0.25)));
  });

  it('nonNeg cuts at zero', () => {
    expect(apply(nonNeg())).toEqual(matrix.map((value) => Math.max(value, 0)));
  });

  it('leaves zeros as they are', () => {
    expect(tf.tidy(() => unitNorm()(tf.zeros([2, 1])).arraySync())).toEqual([[0], [0]]);
  });
});

describe('getConstraint', () => {
  it('knows Keras spellings, configs and functions', () => {
    expect(getConstraint('max_norm', 'test')?.getConfig?.()).toEqual({ name: 'maxNorm', maxValue: 2, axis: 0 });
    expect(getConstraint('MinMaxNorm', 'test')?.getConfig?.()).toEqual({ name: 'minMaxNorm', minValue: 0, maxValue: 1, rate: 1, axis: 0 });
    const config = minMaxNorm({ minValue: 0.25, rate: 0.5, axis: [0, 1] }).getConfig();
    expect(getConstraint(config, 'test')?.getConfig?.()).toEqual(config);
    const own = (value: tf.Tensor) => tf.neg(value);
    expect(getConstraint(own, 'test')).toBe(own);
    expect(getConstraint(null, 'test')).toBeNull();
    expect(getConstraint(undefined, 'test')).toBeNull();
  });

  it('names the nearest for a name it does not know', () => {
    expect(() => getConstraint('maxnrom', 'dense, argument kernelConstraint')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: No constraint has this name. [UNKNOWN_CONSTRAINT]
        expected: one of maxNorm, nonNeg, unitNorm, minMaxNorm, a function of a tensor, or null
        received: maxnrom
        where: dense, argument kernelConstraint
        hint: Did you mean 'maxNorm'?]
    `);
    expect(() => maxNorm({ max: 3 } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('keeps the shape', () => {
    expect(tf.tidy(() => maxNorm()(asymmetricTensor([2, 3, 4])).shape)).toEqual([2, 3, 4]);
  });
});
