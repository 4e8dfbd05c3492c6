import '@cellstate/ops';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { lambda } from '../../src/stateless/lambda.ts';
import { checkGradients, runLayer, shapesAgree, valuesOf } from '../run-layer.ts';

describe('lambda', () => {
  const last = lambda({
    function: (x) => tf.squeeze(tf.slice(x as tf.Tensor3D, [0, 1, 0], [-1, 1, -1]), [1]),
    outputShape: ([shape]) => [shape[1]],
  });

  it('runs the function', () => {
    expect(expectNoLeak(() => valuesOf(lambda({ function: (x) => tf.square(x as tf.Tensor) }), () => [tf.tensor2d([[1, -3]])]))).toEqual([
      [1, 9],
    ]);
    expect(
      valuesOf(last, () => [
        tf.tensor3d([
          [
            [1, 2],
            [3, 4],
          ],
        ]),
      ]),
    ).toEqual([[3, 4]]);
  });

  it('gets a list when there are several inputs', () => {
    const layer = lambda({ function: (xs) => tf.sub((xs as tf.Tensor[])[0], (xs as tf.Tensor[])[1]) });
    expect(valuesOf(layer, () => [tf.tensor2d([[5]]), tf.tensor2d([[3]])])).toEqual([[2]]);
  });

  it('knows the shape it is told', () => {
    expect(shapesAgree(last, () => [tf.ones([3, 2, 4])])).toBe(true);
    expect(shapesAgree(lambda({ function: (x) => tf.sum(x as tf.Tensor, -1, true), outputShape: [1] }), () => [tf.ones([3, 4])])).toBe(
      true,
    );
  });

  it('makes a mask only when told how', () => {
    const mask = (layer: ReturnType<typeof lambda>) =>
      tf.tidy(() => {
        const found = runLayer(layer, [tf.ones([1, 2, 1])], { masks: [tf.tensor2d([[1, 0]])] }).masks?.[0];
        return { mask: found ? (found as tf.Tensor2D).arraySync() : 'none' };
      }).mask;
    expect(mask(lambda({ function: (x) => x as tf.Tensor }))).toBe('none');
    expect(mask(lambda({ function: (x) => x as tf.Tensor, mask: ([given]) => given as tf.Tensor }))).toEqual([[1, 0]]);
  });

  it('has gradients', () => {
    checkGradients(lambda({ function: (x) => tf.square(x as tf.Tensor) }), () => [asymmetricTensor([2, 3])]);
  });

  it('refuses what it cannot do', () => {
    expect(() => lambda({} as never)).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A lambda layer needs a function. [INVALID_OPTION]
        expected: { function: (x) => … }
        received: undefined
        where: lambda, function]
    `);
    expect(() =>
      valuesOf(lambda({ function: (x) => tf.sum(x as tf.Tensor) }), () => [tf.ones([2, 3])]),
    ).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The function gave another shape than the layer states. [SHAPE_MISMATCH]
        expected: [null, 3]
        received: []
        where: lambda
        hint: State the shape, without the batch, as outputShape.]
    `);
    expect(() => lambda({ function: (x: tf.Tensor) => x, arguments: {} } as never)).toThrow(/UNKNOWN_OPTION/);
    expect(() => lambda({ function: (x) => x as tf.Tensor, name: 'mine' }).getConfig()).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A function cannot be written to a file. [NOT_SERIALIZABLE]
        expected: a layer made of options
        received: a lambda layer
        where: mine
        hint: Make a layer of your own with defineLayer, whose config says what it is.]
    `);
  });
});
