import '@cellstate/ops';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { reshape } from '../../src/stateless/reshape.ts';
import { checkGradients, shapesAgree, valuesOf } from '../run-layer.ts';

describe('reshape', () => {
  const x = () => [
    tf.tensor2d([
      [1, 2, 3, 4, 5, 6],
      [7, 8, 9, 10, 11, 12],
    ]),
  ];

  it('keeps the order of values', () => {
    expect(expectNoLeak(() => valuesOf(reshape({ targetShape: [3, 2] }), x))).toEqual([
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [7, 8],
        [9, 10],
        [11, 12],
      ],
    ]);
    expect(valuesOf(reshape({ targetShape: [-1, 3] }), x)).toEqual(valuesOf(reshape({ targetShape: [2, 3] }), x));
  });

  it('knows its shape, open axes too', () => {
    expect(shapesAgree(reshape({ targetShape: [3, -1] }), x)).toBe(true);
    const shape = (target: number[], given: (number | null)[]) =>
      reshape({ targetShape: target }).definition.outputs([{ shape: given, dtype: 'float32' }])[0].shape;
    expect(shape([2, -1], [null, 3, 4])).toEqual([null, 2, 6]);
    expect(shape([2, -1], [8, null, 4])).toEqual([8, 2, null]);
    expect(shape([1], [8])).toEqual([8, 1]);
  });

  it('has gradients', () => {
    checkGradients(reshape({ targetShape: [3, 2] }), () => [asymmetricTensor([2, 6])]);
  });

  it('refuses what does not fit', () => {
    const outputs = (target: number[]) => () =>
      reshape({ targetShape: target }).definition.outputs([{ shape: [null, 3, 4], dtype: 'float32' }]);
    expect(outputs([5, 2])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The values of a sample do not fill the target shape. [SHAPE_MISMATCH]
        expected: as many values as [5, 2] holds
        received: [null, 3, 4]
        where: targetShape]
    `);
    expect(outputs([5, -1])).toThrow(/SHAPE_MISMATCH/);
    expect(() => reshape({ targetShape: [-1, -1] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The target shape must be a list of lengths. [INVALID_OPTION]
        expected: positive integers, one of which may be -1
        received: [-1,-1]
        where: reshape, targetShape]
    `);
    expect(() => reshape({ targetShape: [0] })).toThrow(/INVALID_OPTION/);
    expect(() => reshape({} as never)).toThrow(/INVALID_OPTION/);
    expect(() => reshape({ targetShape: [1], shape: [1] } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('says its options', () => {
    expect(reshape({ targetShape: [-1, 3] }).getConfig()).toEqual({ name: 'reshape', trainable: true, targetShape: [-1, 3] });
  });
});
