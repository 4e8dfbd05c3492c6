import '@cellstate/ops';
import { expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../src/contract.ts';
import { batchNormalization } from '../../src/stateless/batch-normalization.ts';
import type { Run } from '../run-layer.ts';
import { checkGradients, defaultParameters, kerasM, kerasX, runLayer, shapesAgree } from '../run-layer.ts';

const keras = { absolute: 1e-6, relative: 0 };

function run(layer: Layer<unknown>, options: () => Run): { outputs: number[]; updates: Record<string, number[]> } {
  return expectNoLeak(() =>
    tf.tidy(() => {
      const { outputs, updates = [] } = runLayer(layer, [kerasX()], options());
      return {
        outputs: Array.from(outputs[0].dataSync()),
        updates: Object.fromEntries(updates.map(({ name, value }) => [name, Array.from(value.dataSync())])),
      };
    }),
  );
}

/** Parameters of the Keras vectors: asymmetric values, but a variance of [0.5, 2]. */
function parameters(): Record<string, tf.Tensor> {
  return { ...defaultParameters(batchNormalization(), [kerasX()]), moving_variance: tf.tensor1d([0.5, 2]) };
}

/** What a new layer starts with. */
function fresh(): Record<string, tf.Tensor> {
  return { gamma: tf.ones([2]), beta: tf.zeros([2]), moving_mean: tf.zeros([2]), moving_variance: tf.ones([2]) };
}

describe('batchNormalization', () => {
  it('uses the moving statistics in inference, and when it is not trainable', () => {
    const expected = [
      0.08891427, 0.39191407, 0.15759233, 0.33493426, 0.05770667, 0.110037, 0.03441706, 0.26921108, 0.14488563, 0.42177898, 0.11797785,
      0.19327742, 0.01973629, 0.14454159, 0.09128544, 0.39518893,
    ];
    const inference = run(batchNormalization(), () => ({ parameters: parameters() }));
    expectClose(inference.outputs, expected, keras);
    expect(inference.updates).toEqual({});
    const frozen = run(batchNormalization(), () => ({ parameters: parameters(), training: true, trainable: false }));
    expectClose(frozen.outputs, expected, keras);
    expect(frozen.updates).toEqual({});
  });

  it("uses the batch's own in training and moves the moving ones", () => {
    const { outputs, updates } = run(batchNormalization(), () => ({ parameters: parameters(), training: true }));
    const expected = [
      0.09917425, 0.55058241, 0.17253721, 0.43738377, 0.0658378, -0.00940731, 0.04095949, 0.30681509, 0.15896371, 0.60991335, 0.13022041,
      0.15596186, 0.02527727, 0.05914105, 0.10170718, 0.55708838,
    ];
    expectClose(outputs, expected, keras);
    expectClose(updates.moving_mean, [0.1463038, 0.41483802], keras);
    expectClose(updates.moving_variance, [0.49938056, 1.98505998], keras);
  });

  it('takes the statistics of real steps under a mask, and normalises masked ones too', () => {
    const { outputs, updates } = run(batchNormalization(), () => ({ parameters: fresh(), training: true, masks: [kerasM()] }));
    const expected = [
      0.10091836, 1.38560367, 1.43719602, 0.75469065, -0.50629181, -1.73549998, -0.95944041, 0.02696605, 1.18996, 1.71628475, 0.66641206,
      -0.81381476, -1.24508595, -1.35344565, 0.14705466, 1.42186439,
    ];
    expectClose(outputs, expected, { absolute: 2e-6, relative: 0 });
    expectClose(updates.moving_mean, [-0.00073547, 1.6e-5], keras);
    expectClose(updates.moving_variance, [0.9953012, 0.993173], keras);
  });

  it('normalises a batch of vectors, another axis, and without gamma or beta', () => {
    const columns = tf.tidy(() => {
      const layer = batchNormalization({ epsilon: 0, center: false, scale: false });
      const { moving_mean, moving_variance } = fresh();
      const given = { moving_mean, moving_variance };
      return runLayer(
        layer,
        [
          tf.tensor2d([
            [1, 10],
            [3, 30],
          ]),
        ],
        { parameters: given, training: true },
      ).outputs[0].arraySync();
    });
    expectClose(columns as number[][], [
      [-1, -1],
      [1, 1],
    ]);
    const steps = tf.tidy(() => {
      const layer = batchNormalization({ axis: 1, epsilon: 0, center: false, scale: false });
      const given = { moving_mean: tf.zeros([2]), moving_variance: tf.ones([2]) };
      return runLayer(
        layer,
        [
          tf.tensor3d([
            [
              [1, 3],
              [10, 30],
            ],
          ]),
        ],
        { parameters: given, training: true },
      ).outputs[0].arraySync();
    });
    expectClose(steps as number[][][], [
      [
        [-1, 1],
        [-1, 1],
      ],
    ]);
  });

  it('has gradients in training and inference', () => {
    const x = () => [asymmetricTensor([3, 2, 2], 0.4)];
    checkGradients(batchNormalization({ epsilon: 0.1 }), x, () => ({ training: true }));
    checkGradients(batchNormalization({ epsilon: 0.1 }), x, () => ({
      training: true,
      masks: [
        tf.tensor2d([
          [1, 0],
          [1, 1],
          [0, 1],
        ]),
      ],
    }));
    checkGradients(batchNormalization({ epsilon: 2 }), x);
  });

  it('declares its parameters in the order of Keras, the statistics as not trainable', () => {
    const specs = batchNormalization({ scale: false }).definition.parameters?.([{ shape: [null, 3, 4], dtype: 'float32' }]) ?? [];
    expect(specs.map(({ name, shape, trainable = true }) => [name, shape, trainable])).toEqual([
      ['beta', [4], true],
      ['moving_mean', [4], false],
      ['moving_variance', [4], false],
    ]);
    expect(shapesAgree(batchNormalization(), () => [tf.ones([2, 3, 4])])).toBe(true);
    expect(batchNormalization().definition.couplesBatch).toBe(true);
  });

  it('refuses what it cannot do', () => {
    const outputs = (axis: number, shape: (number | null)[]) => () =>
      batchNormalization({ axis }).definition.outputs([{ shape, dtype: 'float32' }]);
    expect(outputs(3, [null, 3, 4])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no such axis beside the batch. [INVALID_AXIS]
        expected: 1 to 2, or -1 to -2
        received: 3
        where: axis]
    `);
    expect(outputs(0, [null, 3, 4])).toThrow(/INVALID_AXIS/);
    expect(outputs(1, [null, null, 4])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Axis 1 must have a fixed length. [SHAPE_MISMATCH]
        expected: a number, since the layer has a parameter for each place along it
        received: [null, null, 4]
        where: input]
    `);
    expect(() => batchNormalization({ virtualBatchSize: 3 } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('says every option in effect', () => {
    const { name, trainable, ...config } = batchNormalization({ momentum: 0.9, gammaRegularizer: 'l1' }).getConfig();
    expect({ name, trainable }).toEqual({ name: 'batch_normalization', trainable: true });
    expect(config).toEqual({
      axis: -1,
      momentum: 0.9,
      epsilon: 1e-3,
      center: true,
      scale: true,
      betaInitializer: { name: 'zeros' },
      gammaInitializer: { name: 'ones' },
      movingMeanInitializer: { name: 'zeros' },
      movingVarianceInitializer: { name: 'ones' },
      betaRegularizer: null,
      gammaRegularizer: { name: 'l1', l1: 0.01 },
      betaConstraint: null,
      gammaConstraint: null,
      renorm: false,
      renormClipping: null,
      renormMomentum: 0.99,
    });
  });
});
