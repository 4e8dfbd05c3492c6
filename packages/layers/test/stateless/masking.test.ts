import '@cellstate/ops';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { masking } from '../../src/stateless/masking.ts';
import { checkGradients, runLayer, shapesAgree } from '../run-layer.ts';

function masked(values: number[][][], maskValue?: number): { outputs: unknown; mask: unknown; dtype: string } {
  return expectNoLeak(() =>
    tf.tidy(() => {
      const { outputs, masks } = runLayer(masking(maskValue === undefined ? {} : { maskValue }), [tf.tensor3d(values)]);
      return { outputs: outputs[0].arraySync(), mask: masks?.[0]?.arraySync(), dtype: masks?.[0]?.dtype as string };
    }),
  );
}

describe('masking', () => {
  it('masks a step only when all its features have the value, and zeroes it', () => {
    const values = [
      [
        [1, 2],
        [-1, -1],
        [-1, 5],
      ],
      [
        [0, 0],
        [-1, -1],
        [-1, -1],
      ],
    ];
    expect(masked(values, -1)).toEqual({
      outputs: [
        [
          [1, 2],
          [0, 0],
          [-1, 5],
        ],
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      ],
      mask: [
        [1, 0, 1],
        [1, 0, 0],
      ],
      dtype: 'bool',
    });
  });

  it('takes 0 by default', () => {
    expect(
      masked([
        [
          [0, 1],
          [0, 0],
        ],
      ]).mask,
    ).toEqual([[1, 0]]);
  });

  it('zeroes a masked infinity instead of multiplying it, and keeps NaN at real steps', () => {
    const { outputs, mask } = masked([[[Number.POSITIVE_INFINITY], [Number.NaN], [3]]], Number.POSITIVE_INFINITY);
    expect(outputs).toEqual([[[0], [Number.NaN], [3]]]);
    expect(mask).toEqual([[0, 1, 1]]);
  });

  it('lets gradients through at real steps', () => {
    checkGradients(masking({ maskValue: 9 }), () => [
      tf.tensor3d([
        [
          [1, 9],
          [2, -3],
        ],
      ]),
    ]);
    const gradient = tf.tidy(() => {
      const weights = tf.tensor3d([
        [
          [1, 2],
          [3, 4],
        ],
      ]);
      return tf
        .grad((x) => tf.mul(runLayer(masking(), [x]).outputs[0], weights))(
          tf.tensor3d([
            [
              [0, 0],
              [0, 5],
            ],
          ]),
        )
        .arraySync();
    });
    expect(gradient).toEqual([
      [
        [0, 0],
        [3, 4],
      ],
    ]);
  });

  it('gives the shape of its input', () => {
    expect(shapesAgree(masking(), () => [tf.ones([2, 3, 4])])).toBe(true);
  });

  it('refuses what it cannot do', () => {
    expect(() => masking({ maskValue: Number.NaN })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The mask value must be a number. [INVALID_OPTION]
        expected: a number; NaN equals nothing, not even itself
        received: NaN
        where: masking, maskValue
        hint: Replace missing values by a number that does not occur, and give that number here.]
    `);
    expect(() => masking({ maskvalue: 1 } as never)).toThrow(/Did you mean 'maskValue'/);
    expect(() => masking().definition.outputs([{ shape: [null, 4], dtype: 'float32' }])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The input must have 3 axes. [SHAPE_MISMATCH]
        expected: [batch, time, features]
        received: [null, 4]
        where: input]
    `);
  });

  it('says its options', () => {
    expect(masking({ maskValue: -1 }).getConfig()).toEqual({ name: 'masking', trainable: true, maskValue: -1 });
  });
});
