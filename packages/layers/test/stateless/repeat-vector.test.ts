import '@cellstate/ops';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { repeatVector } from '../../src/stateless/repeat-vector.ts';
import { checkGradients, shapesAgree, valuesOf } from '../run-layer.ts';

describe('repeatVector', () => {
  it('gives the vector to each step', () => {
    const values = expectNoLeak(() =>
      valuesOf(repeatVector({ n: 3 }), () => [
        tf.tensor2d([
          [1, 2],
          [3, 4],
        ]),
      ]),
    );
    expect(values).toEqual([
      [
        [1, 2],
        [1, 2],
        [1, 2],
      ],
      [
        [3, 4],
        [3, 4],
        [3, 4],
      ],
    ]);
  });

  it('knows its shape, open axes too', () => {
    expect(shapesAgree(repeatVector({ n: 5 }), () => [tf.ones([2, 3])])).toBe(true);
    expect(repeatVector({ n: 5 }).definition.outputs([{ shape: [null, 3], dtype: 'float32' }])[0].shape).toEqual([null, 5, 3]);
  });

  it('sums the gradients of the steps, drops the mask and cannot be streamed', () => {
    checkGradients(repeatVector({ n: 4 }), () => [asymmetricTensor([2, 3])]);
    expect(repeatVector({ n: 4 }).definition.masking ?? 'drop').toBe('drop');
    expect(repeatVector({ n: 4 }).definition.streaming).toBe('never');
  });

  it('refuses what it cannot do', () => {
    expect(() => repeatVector({ n: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The option must be a positive integer. [INVALID_OPTION]
        expected: a positive integer
        received: 0
        where: repeatVector, n]
    `);
    expect(() => repeatVector({ n: 2.5 })).toThrow(/INVALID_OPTION/);
    expect(() => repeatVector({ times: 2 } as never)).toThrow(/UNKNOWN_OPTION/);
    expect(() =>
      repeatVector({ n: 2 }).definition.outputs([{ shape: [null, 3, 2], dtype: 'float32' }]),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The input must have 2 axes. [SHAPE_MISMATCH]
        expected: [batch, features]
        received: [null, 3, 2]
        where: input]
    `);
  });

  it('says its options', () => {
    expect(repeatVector({ n: 7 }).getConfig()).toEqual({ name: 'repeat_vector', trainable: true, n: 7 });
  });
});
