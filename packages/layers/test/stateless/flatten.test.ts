import '@cellstate/ops';
import { asymmetric } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { DataFormat } from '../../src/stateless/axis-order.ts';
import { flatten } from '../../src/stateless/flatten.ts';
import { checkGradients, shapesAgree, valuesOf } from '../run-layer.ts';

describe('flatten', () => {
  it('lays the axes but the batch end to end, in order', () => {
    const values = expectNoLeak(() => valuesOf(flatten(), () => [asymmetricTensor([2, 3, 2])]));
    const flat = Array.from(asymmetric([12]));
    expect(values).toEqual([flat.slice(0, 6), flat.slice(6)]);
  });

  it('gives a batch of numbers an axis, and takes an empty batch', () => {
    expect(valuesOf(flatten(), () => [tf.tensor1d([1, 2])])).toEqual([[1], [2]]);
    expect(tf.tidy(() => shapesAgree(flatten(), () => [tf.zeros([0, 3, 2])]))).toBe(true);
  });

  it('knows its shape, open axes too', () => {
    expect(shapesAgree(flatten(), () => [tf.ones([2, 3, 4])])).toBe(true);
    const shapes = (shape: (number | null)[]) => flatten().definition.outputs([{ shape, dtype: 'int32' }]);
    expect(shapes([null, 3, 4])).toEqual([{ shape: [null, 12], dtype: 'int32' }]);
    expect(shapes([8, null, 4])).toEqual([{ shape: [8, null], dtype: 'int32' }]);
    expect(shapes([8])).toEqual([{ shape: [8, 1], dtype: 'int32' }]);
  });

  it('has gradients, drops the mask and is no layer for single steps', () => {
    checkGradients(flatten(), () => [asymmetricTensor([2, 2, 2])]);
    expect(flatten().definition.masking ?? 'drop').toBe('drop');
    expect(flatten().definition.streaming ?? 'sequence').toBe('sequence');
  });

  it('takes features from the second axis, so that both orders give the same', () => {
    const last = tf.tensor3d([1, 2, 3, 4, 5, 6], [1, 3, 2]);
    const first = tf.transpose(last, [0, 2, 1]);
    const of = (x: tf.Tensor, dataFormat: DataFormat) => valuesOf(flatten({ dataFormat }), () => [x]);
    expect(of(first, 'channelsFirst')).toEqual(of(last, 'channels_last'));
    expect(flatten({ name: 'row', dataFormat: 'channels_first' }).getConfig()).toEqual({
      name: 'row',
      trainable: true,
      dataFormat: 'channelsFirst',
    });
  });
});
