import '@cellstate/ops';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { concatenate } from '../../src/stateless/concatenate.ts';
import { checkGradients, runLayer, shapesAgree, valuesOf } from '../run-layer.ts';

const a = () => tf.tensor3d([[[1], [2]]]);
const b = () =>
  tf.tensor3d([
    [
      [3, 4],
      [5, 6],
    ],
  ]);
const c = () => tf.tensor3d([[[7], [8], [9]]]);

/** The mask that comes out of joining inputs of these masks. */
function joined(masks: (number[] | null)[], axis: number): unknown {
  return expectNoLeak(
    () =>
      tf.tidy(() => {
        const inputs = axis === 1 ? [a(), c()] : [a(), b()];
        const given = masks.map((mask) => (mask === null ? null : tf.tensor2d([mask], undefined, 'bool')));
        const mask = runLayer(concatenate({ axis }), inputs, { masks: given }).masks?.[0];
        return { mask: mask ? (mask as tf.Tensor2D).arraySync() : 'none' };
      }).mask,
  );
}

describe('concatenate', () => {
  it('joins features, or steps', () => {
    expect(valuesOf(concatenate(), () => [a(), b()])).toEqual([
      [
        [1, 3, 4],
        [2, 5, 6],
      ],
    ]);
    expect(valuesOf(concatenate({ axis: 1 }), () => [a(), c(), a()])).toEqual([[[1], [2], [7], [8], [9], [1], [2]]]);
    expect(valuesOf(concatenate({ axis: -2 }), () => [a(), c()])).toEqual([[[1], [2], [7], [8], [9]]]);
    expect(valuesOf(concatenate({ axis: 1 }), () => [tf.tensor2d([[1]]), tf.tensor2d([[2]])])).toEqual([[1, 2]]);
  });

  it('joined along features, a step is real when it is in any input; no mask counts as all real', () => {
    expect(joined([null, null], -1)).toBe('none');
    expect(
      joined(
        [
          [1, 0],
          [0, 0],
        ],
        -1,
      ),
    ).toEqual([[1, 0]]);
    expect(
      joined(
        [
          [1, 0],
          [0, 1],
        ],
        -1,
      ),
    ).toEqual([[1, 1]]);
    expect(joined([[0, 0], null], -1)).toEqual([[1, 1]]);
  });

  it('joined along time, masks are joined', () => {
    expect(
      joined(
        [
          [1, 0],
          [0, 1, 0],
        ],
        1,
      ),
    ).toEqual([[1, 0, 0, 1, 0]]);
    expect(joined([[1, 0], null], 1)).toEqual([[1, 0, 1, 1, 1]]);
  });

  it('has no mask for inputs without time', () => {
    tf.tidy(() => {
      const { masks } = runLayer(concatenate(), [tf.ones([1, 2]), tf.ones([1, 2])], { masks: [tf.ones([1, 2]), null] });
      expect(masks).toEqual([null]);
    });
  });

  it('knows its shape, open axes too', () => {
    expect(shapesAgree(concatenate(), () => [tf.ones([2, 3, 1]), tf.ones([2, 3, 4])])).toBe(true);
    const shape = (...shapes: (number | null)[][]) =>
      concatenate({ axis: 1 }).definition.outputs(shapes.map((s) => ({ shape: s, dtype: 'float32' as const })))[0].shape;
    expect(shape([null, 3, 2], [8, 4, 2])).toEqual([8, 7, 2]);
    expect(shape([null, 3, null], [null, null, 2])).toEqual([null, null, 2]);
  });

  it('has gradients and streams along features only', () => {
    checkGradients(concatenate(), () => [asymmetricTensor([2, 2, 1]), asymmetricTensor([2, 2, 3], 0.7)]);
    expect(concatenate().definition.streaming).toBe('steps');
    expect(concatenate({ axis: 1 }).definition.streaming).toBe('sequence');
    expect(concatenate({ axis: -2 }).definition.streaming).toBe('sequence');
  });

  it('refuses what it cannot join', () => {
    const outputs =
      (axis: number, ...shapes: number[][]) =>
      () =>
        concatenate({ axis }).definition.outputs(shapes.map((shape) => ({ shape, dtype: 'float32' as const })));
    expect(() => concatenate({ axis: 0 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Inputs cannot be joined along this axis. [INVALID_AXIS]
        expected: an integer other than 0, the batch
        received: 0
        where: concatenate, axis]
    `);
    expect(outputs(3, [2, 3, 1], [2, 3, 1])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Inputs cannot be joined along this axis. [INVALID_AXIS]
        expected: 1 to 2 or -1 to -2 for [2, 3, 1]
        received: 3
        where: axis]
    `);
    expect(outputs(-1, [2, 3, 1], [2, 4, 1])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Inputs to join must agree in every other axis. [SHAPE_MISMATCH]
        expected: equal lengths but along axis 2
        received: [2, 3, 1] and [2, 4, 1]
        where: inputs]
    `);
    expect(outputs(-1, [2, 3, 1], [2, 3])).toThrow(/SHAPE_MISMATCH/);
    expect(outputs(-1)).toThrow(/nothing to join/);
    expect(() => concatenate({ dim: 1 } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('says its options', () => {
    expect(concatenate().getConfig()).toEqual({ name: 'concatenate', trainable: true, axis: -1 });
  });
});
