import '@cellstate/ops';
import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { dot } from '../../src/stateless/dot.ts';
import { checkGradients, shapesAgree, valuesOf } from '../run-layer.ts';

describe('dot', () => {
  it('gives one number for two vectors', () => {
    const vectors = () => [
      tf.tensor2d([
        [1, 2],
        [3, 4],
      ]),
      tf.tensor2d([
        [5, 6],
        [7, 8],
      ]),
    ];
    expect(expectNoLeak(() => valuesOf(dot({ axes: 1 }), vectors))).toEqual([[17], [53]]);
    expect(valuesOf(dot({ axes: -1 }), vectors)).toEqual([[17], [53]]);
  });

  it('gives a matrix for two sequences, in float64', () => {
    const [a, b] = [asymmetric([2, 3, 4], 0.2), asymmetric([2, 4, 5], 0.7)];
    const expected = Array.from({ length: 30 }, (_, k) => {
      const [row, i, j] = [Math.floor(k / 15), Math.floor((k % 15) / 5), k % 5];
      return [0, 1, 2, 3].reduce((sum, n) => sum + a[(row * 3 + i) * 4 + n] * b[(row * 4 + n) * 5 + j], 0);
    });
    const values = valuesOf(dot({ axes: [2, 1] }), () => [asymmetricTensor([2, 3, 4], 0.2), asymmetricTensor([2, 4, 5], 0.7)]);
    expectClose((values as number[][][]).flat(2), expected);
  });

  it('normalises to the cosine', () => {
    const values = valuesOf(dot({ axes: 1, normalize: true }), () => [
      tf.tensor2d([
        [3, 4],
        [0, 0],
      ]),
      tf.tensor2d([
        [4, 3],
        [1, 1],
      ]),
    ]);
    expectClose(values as number[][], [[0.96], [0]]);
  });

  it('knows its shape', () => {
    expect(shapesAgree(dot({ axes: [1, 2] }), () => [tf.ones([2, 3, 4]), tf.ones([2, 5, 3])])).toBe(true);
    expect(shapesAgree(dot({ axes: [1, 2] }), () => [tf.ones([2, 3]), tf.ones([2, 5, 3])])).toBe(true);
    expect(shapesAgree(dot({ axes: 1 }), () => [tf.ones([2, 3]), tf.ones([2, 3])])).toBe(true);
  });

  it('has gradients', () => {
    checkGradients(dot({ axes: [1, 2] }), () => [asymmetricTensor([2, 3, 2]), asymmetricTensor([2, 2, 3], 0.7)]);
    checkGradients(dot({ axes: 1, normalize: true }), () => [asymmetricTensor([2, 3]), asymmetricTensor([2, 3], 0.7)]);
  });

  it('refuses what it cannot do, and says its options', () => {
    const outputs =
      (...shapes: number[][]) =>
      () =>
        dot({ axes: 1 }).definition.outputs(shapes.map((shape) => ({ shape, dtype: 'float32' as const })));
    expect(outputs([2, 3], [2, 4])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The axes that are summed over must have one length. [SHAPE_MISMATCH]
        expected: 3 along axis 1 of the second input
        received: [2, 3] and [2, 4]
        where: axes]
    `);
    expect(outputs([2, 3])).toThrow(/two inputs/);
    expect(outputs([2], [2])).toThrow(/INVALID_AXIS/);
    expect(() => dot({ axes: [1] as never })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The axes must be one number or two. [INVALID_OPTION]
        expected: an integer, or [axis of the first input, axis of the second]
        received: [1]
        where: dot, axes]
    `);
    expect(() => dot({} as never)).toThrow(/INVALID_OPTION/);
    expect(() => dot({ axes: 1, normalise: true } as never)).toThrow(/Did you mean 'normalize'/);
    expect(dot({ axes: [1, 2] }).getConfig()).toEqual({ name: 'dot', trainable: true, axes: [1, 2], normalize: false });
  });
});
