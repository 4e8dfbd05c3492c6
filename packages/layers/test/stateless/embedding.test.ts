import '@cellstate/ops';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { embedding } from '../../src/stateless/embedding.ts';
import { checkGradients, runLayer, shapesAgree, valuesOf } from '../run-layer.ts';

const ids = () => [
  tf.tensor2d(
    [
      [0, 3],
      [4, 1],
    ],
    undefined,
    'int32',
  ),
];

describe('embedding', () => {
  it("gives Keras' numbers", () => {
    const values = expectNoLeak(() => valuesOf(embedding({ inputDim: 5, outputDim: 2 }), ids));
    const expected = [0.04991671, 0.22644314, 0.36611572, 0.21819954, 0.04075108, -0.14221285, 0.37232155, 0.46780801];
    expectClose((values as number[][][]).flat(2), expected, { absolute: 1e-6, relative: 0 });
  });

  it('cuts other types to integers', () => {
    const values = valuesOf(embedding({ inputDim: 5, outputDim: 2 }), () => [
      tf.tensor2d([
        [0.9, 3],
        [4, 1],
      ]),
    ]);
    expect(values).toEqual(valuesOf(embedding({ inputDim: 5, outputDim: 2 }), ids));
    expect(embedding({ inputDim: 5, outputDim: 2 }).definition.inputDtype).toBe('int32');
  });

  it('makes a mask of id 0 when asked', () => {
    const masks = (maskZero: boolean) =>
      tf.tidy(() => {
        const found = runLayer(embedding({ inputDim: 5, outputDim: 2, maskZero }), ids()).masks?.[0];
        return { mask: found ? (found as tf.Tensor2D).arraySync() : 'none' };
      }).mask;
    expect(masks(true)).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(masks(false)).toBe('none');
  });

  it('sums the gradients of an id that comes twice', () => {
    checkGradients(embedding({ inputDim: 4, outputDim: 3 }), () => [tf.tensor2d([[1, 3, 1]], undefined, 'int32')]);
  });

  it('knows its shape and parameter', () => {
    expect(shapesAgree(embedding({ inputDim: 5, outputDim: 3 }), ids)).toBe(true);
    const specs = embedding({ inputDim: 5, outputDim: 3, embeddingsRegularizer: 'l2' }).definition.parameters?.([]) ?? [];
    expect(specs.map(({ name, shape }) => [name, shape])).toEqual([['embeddings', [5, 3]]]);
    expect(specs[0].initializer([5, 3], 1).every((value) => Math.abs(value) <= 0.05)).toBe(true);
    expect(specs[0].regularizer).toBeTypeOf('function');
  });

  it('refuses what it cannot do', () => {
    expect(() => embedding({ inputDim: 0, outputDim: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The option must be a positive integer. [INVALID_OPTION]
        expected: a positive integer
        received: 0
        where: embedding, inputDim]
    `);
    expect(() => embedding({ inputDim: 3, outputDim: 1.5 })).toThrow(/embedding, outputDim/);
    const { outputs } = embedding({ inputDim: 3, outputDim: 2, maskZero: true }).definition;
    expect(() => outputs([{ shape: [null, 3, 2], dtype: 'int32' }])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A mask needs one id for each step. [SHAPE_MISMATCH]
        expected: [batch, time] with maskZero: true
        received: [null, 3, 2]
        where: input]
    `);
    expect(() => embedding({ inputDim: 3, outputDim: 2, inputLength: 4 } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('says every option in effect', () => {
    expect(embedding({ inputDim: 3, outputDim: 2, maskZero: true }).getConfig()).toEqual({
      name: 'embedding',
      trainable: true,
      inputDim: 3,
      outputDim: 2,
      embeddingsInitializer: { name: 'randomUniform', minval: -0.05, maxval: 0.05, seed: null },
      embeddingsRegularizer: null,
      embeddingsConstraint: null,
      maskZero: true,
    });
  });
});
