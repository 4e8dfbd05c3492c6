import '@cellstate/ops';
import { asymmetric } from '@cellstate/testing';
import { asymmetricTensor, expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Regularizer } from '../src/contract.ts';
import { getRegularizer, l1, l1l2, l2, orthogonalRegularizer } from '../src/regularizers.ts';

const matrix = asymmetric([3, 4], 0.3);
const absolute = matrix.reduce((sum, value) => sum + Math.abs(value), 0);
const squares = matrix.reduce((sum, value) => sum + value * value, 0);

function penalty(regularizer: Regularizer): number {
  return expectNoLeak(() => tf.tidy(() => regularizer(asymmetricTensor([3, 4], 0.3)).dataSync()[0]));
}

/** Mean |cosine| over all pairs of rows, or of columns. */
function meanCosine(by: 'rows' | 'columns'): number {
  const row = (i: number) => Array.from(matrix.slice(i * 4, i * 4 + 4));
  const column = (j: number) => Array.from({ length: 3 }, (_, i) => matrix[i * 4 + j]);
  const vectors = by === 'rows' ? [0, 1, 2].map(row) : [0, 1, 2, 3].map(column);
  const dot = (a: number[], b: number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
  const cosines = vectors.flatMap((a, i) => vectors.slice(i + 1).map((b) => Math.abs(dot(a, b)) / Math.sqrt(dot(a, a) * dot(b, b))));
  return cosines.reduce((sum, value) => sum + value, 0) / cosines.length;
}

describe('regularizers', () => {
  it('weigh the sum of magnitudes and the sum of squares', () => {
    expect(penalty(l1())).toBeCloseTo(0.01 * absolute, 6);
    expect(penalty(l1({ l1: 0.3 }))).toBeCloseTo(0.3 * absolute, 6);
    expect(penalty(l2())).toBeCloseTo(0.01 * squares, 6);
    expect(penalty(l2({ l2: 0.3 }))).toBeCloseTo(0.3 * squares, 6);
    expect(penalty(l1l2({ l1: 0.2, l2: 0.7 }))).toBeCloseTo(0.2 * absolute + 0.7 * squares, 5);
    expect(penalty(l1l2())).toBe(0);
  });

  it('orthogonalRegularizer weighs the mean cosine', () => {
    expect(penalty(orthogonalRegularizer())).toBeCloseTo(0.01 * meanCosine('rows'), 6);
    expect(penalty(orthogonalRegularizer({ factor: 2, mode: 'columns' }))).toBeCloseTo(2 * meanCosine('columns'), 5);
  });

  it('are differentiable', () => {
    tf.tidy(() => {
      for (const regularizer of [l1({ l1: 0.3 }), l2({ l2: 0.4 }), l1l2({ l1: 0.2, l2: 0.7 }), orthogonalRegularizer({ factor: 1 })]) {
        expectGradientsMatch((value) => regularizer(value), [asymmetricTensor([3, 4], 0.35)]);
      }
    });
  });

  it('refuse bad factors, modes and shapes', () => {
    expect(() => l1({ l1: -1 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A factor of a penalty must be a finite number, 0 or more. [INVALID_REGULARIZER]
        expected: a finite number >= 0
        received: -1
        where: l1, argument l1]
    `);
    expect(() => l2({ l2: Number.NaN })).toThrow(/INVALID_REGULARIZER/);
    expect(() => l1l2({ l2: Number.POSITIVE_INFINITY })).toThrow(/l1l2, argument l2/);
    expect(() => orthogonalRegularizer({ mode: 'both' as never })).toThrow(/'rows' or 'columns'/);
    expectNoLeak(() => expect(() => tf.tidy(() => orthogonalRegularizer()(tf.ones([3])))).toThrow(/\[rows, columns\]/));
  });
});

describe('getRegularizer', () => {
  it('knows Keras spellings, configs and functions', () => {
    expect(getRegularizer('l1', 'test')?.getConfig?.()).toEqual({ name: 'l1', l1: 0.01 });
    expect(getRegularizer('l1_l2', 'test')?.getConfig?.()).toEqual({ name: 'l1l2', l1: 0, l2: 0 });
    const config = orthogonalRegularizer({ mode: 'columns' }).getConfig();
    expect(getRegularizer(config, 'test')?.getConfig?.()).toEqual(config);
    const own = (value: tf.Tensor) => tf.sum(value) as tf.Scalar;
    expect(getRegularizer(own, 'test')).toBe(own);
    expect(getRegularizer(null, 'test')).toBeNull();
    expect(getRegularizer(undefined, 'test')).toBeNull();
  });

  it('names what there is for a name it does not know', () => {
    expect(() => getRegularizer('l3', 'dense, argument kernelRegularizer')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: No regularizer has this name. [UNKNOWN_REGULARIZER]
        expected: one of l1, l2, l1l2, orthogonalRegularizer, a function of a tensor, or null
        received: l3
        where: dense, argument kernelRegularizer
        hint: Did you mean 'l1'?]
    `);
    expect(() => getRegularizer({ name: 'l2', l1: 3 }, 'dense')).toThrow(/UNKNOWN_OPTION/);
  });
});
