import '@cellstate/ops';
import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { layerNormalization } from '../../src/stateless/layer-normalization.ts';
import { checkGradients, kerasX, shapesAgree, valuesOf } from '../run-layer.ts';

describe('layerNormalization', () => {
  it("gives Keras' numbers", () => {
    const values = expectNoLeak(() => valuesOf(layerNormalization(), () => [kerasX()]));
    const expected = [
      0.04957986, 0.55914348, 0.14892036, 0.10849327, 0.14890623, 0.1085574, 0.04957734, 0.55915505, 0.05235237, 0.54656625, 0.14911988,
      0.10758813, 0.05137843, 0.5509845, 0.04958542, 0.55911827,
    ];
    expectClose((values as number[][][]).flat(2), expected, { absolute: 1e-6, relative: 0 });
  });

  it('normalises several axes together, in float64', () => {
    const x = asymmetric([2, 3, 2], 0.4);
    const values = valuesOf(layerNormalization({ axis: [1, -1], center: false, scale: false }), () => [asymmetricTensor([2, 3, 2], 0.4)]);
    const expected = [0, 6].flatMap((start) => {
      const sample = x.slice(start, start + 6);
      const mean = sample.reduce((sum, value) => sum + value, 0) / 6;
      const variance = sample.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 6;
      return Array.from(sample, (value) => (value - mean) / Math.sqrt(variance + 1e-3));
    });
    expectClose((values as number[][][]).flat(2), expected);
  });

  it('has gradients', () => {
    checkGradients(layerNormalization({ epsilon: 0.1 }), () => [asymmetricTensor([2, 2, 3], 0.4)]);
    checkGradients(layerNormalization({ epsilon: 0.1, axis: [2, 1], center: false }), () => [asymmetricTensor([2, 2, 3], 0.4)]);
  });

  it('has parameters of the lengths of its axes, in their order', () => {
    const shapes = (axis: number | number[]) =>
      layerNormalization({ axis })
        .definition.parameters?.([{ shape: [null, 3, 4], dtype: 'float32' }])
        .map(({ name, shape }) => [name, shape]);
    expect(shapes(-1)).toEqual([
      ['gamma', [4]],
      ['beta', [4]],
    ]);
    expect(shapes([2, 1])).toEqual([
      ['gamma', [3, 4]],
      ['beta', [3, 4]],
    ]);
    expect(shapesAgree(layerNormalization(), () => [tf.ones([2, 3, 4])])).toBe(true);
  });

  it('streams only when steps are normalised apart', () => {
    expect(layerNormalization().definition.streaming).toBe('steps');
    expect(layerNormalization({ axis: [1, 2] }).definition.streaming).toBe('sequence');
  });

  it('refuses what it cannot do', () => {
    const outputs = (axis: number, shape: (number | null)[]) => () =>
      layerNormalization({ axis }).definition.outputs([{ shape, dtype: 'float32' }]);
    expect(outputs(0, [null, 3])).toThrow(/INVALID_AXIS/);
    expect(outputs(-1, [null])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no such axis beside the batch. [INVALID_AXIS]
        expected: an input with an axis beside the batch
        received: -1
        where: axis]
    `);
    expect(outputs(-1, [2, 3, null])).toThrow(/fixed length/);
    expect(() => layerNormalization({ rmsScaling: true } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('says every option in effect', () => {
    expect(layerNormalization({ axis: [1, 2], scale: false, betaConstraint: 'nonNeg' }).getConfig()).toEqual({
      name: 'layer_normalization',
      trainable: true,
      axis: [1, 2],
      epsilon: 1e-3,
      center: true,
      scale: false,
      betaInitializer: { name: 'zeros' },
      gammaInitializer: { name: 'ones' },
      betaRegularizer: null,
      gammaRegularizer: null,
      betaConstraint: { name: 'nonNeg' },
      gammaConstraint: null,
    });
  });
});
