import '@cellstate/ops';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { permute } from '../../src/stateless/permute.ts';
import { checkGradients, shapesAgree, valuesOf } from '../run-layer.ts';

describe('permute', () => {
  it('puts the axes in the order given', () => {
    const x = () => [
      tf.tensor3d([
        [
          [1, 2, 3],
          [4, 5, 6],
        ],
      ]),
    ];
    expect(expectNoLeak(() => valuesOf(permute({ dims: [2, 1] }), x))).toEqual([
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
    ]);
    expect(shapesAgree(permute({ dims: [2, 1] }), x)).toBe(true);
    expect(shapesAgree(permute({ dims: [3, 1, 2] }), () => [tf.ones([2, 3, 4, 5])])).toBe(true);
    expect(permute({ dims: [2, 1] }).definition.outputs([{ shape: [null, null, 4], dtype: 'float32' }])[0].shape).toEqual([null, 4, null]);
  });

  it('has gradients', () => {
    checkGradients(permute({ dims: [3, 1, 2] }), () => [asymmetricTensor([2, 2, 3, 2])]);
  });

  it('refuses what it cannot do, and says its options', () => {
    expect(() => permute({ dims: [0, 1] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Each axis must come once. [INVALID_OPTION]
        expected: the numbers 1 to n in some order
        received: [0,1]
        where: permute, dims]
    `);
    expect(() => permute({ dims: [1, 1] })).toThrow(/INVALID_OPTION/);
    expect(() => permute({} as never)).toThrow(/INVALID_OPTION/);
    expect(() =>
      permute({ dims: [2, 1] }).definition.outputs([{ shape: [null, 3], dtype: 'float32' }]),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The input must have 3 axes. [SHAPE_MISMATCH]
        expected: 3 axes, the batch and 2 more
        received: [null, 3]
        where: input]
    `);
    expect(() => permute({ dims: [1], axes: [1] } as never)).toThrow(/UNKNOWN_OPTION/);
    expect(permute({ dims: [2, 1] }).getConfig()).toEqual({ name: 'permute', trainable: true, dims: [2, 1] });
  });
});
