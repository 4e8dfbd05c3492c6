import '@cellstate/ops';
import { asymmetric, expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Conv1dOptions } from '../../src/stateless/conv-1d.ts';
import { conv1d } from '../../src/stateless/conv-1d.ts';
import { checkGradients, shapesAgree, valuesOf } from '../run-layer.ts';

/** A cross-correlation in float64, sample by sample, from the definition. */
function oracle(options: Conv1dOptions, [batch, length, features]: [number, number, number]): number[][][] {
  const { filters, kernelSize, strides = 1, padding = 'valid', dilationRate = 1, groups = 1 } = options;
  const seen = features / groups;
  const [x, kernel, bias] = [
    asymmetric([batch, length, features], 0.4),
    asymmetric([kernelSize, seen, filters]),
    asymmetric([filters], 0.2, 0.53),
  ];
  const span = (kernelSize - 1) * dilationRate + 1;
  const count = padding === 'valid' ? Math.floor((length - span) / strides) + 1 : Math.ceil(length / strides);
  const same = Math.floor(Math.max((count - 1) * strides + span - length, 0) / 2);
  const front = { valid: 0, causal: span - 1, same }[padding];
  return Array.from({ length: batch }, (_, row) =>
    Array.from({ length: count }, (_, step) =>
      Array.from({ length: filters }, (_, filter) => {
        const group = Math.floor(filter / (filters / groups));
        let sum = bias[filter];
        for (let tap = 0; tap < kernelSize; tap++) {
          const at = step * strides + tap * dilationRate - front;
          if (at < 0 || at >= length) continue;
          for (let i = 0; i < seen; i++) {
            sum += x[(row * length + at) * features + group * seen + i] * kernel[(tap * seen + i) * filters + filter];
          }
        }
        return sum;
      }),
    ),
  );
}

function convolved(options: Conv1dOptions, shape: [number, number, number]): number[][][] {
  return valuesOf(conv1d(options), () => [asymmetricTensor(shape, 0.4)]) as number[][][];
}

const CASES: Conv1dOptions[] = [
  { filters: 2, kernelSize: 3 },
  { filters: 2, kernelSize: 2, padding: 'same' },
  { filters: 1, kernelSize: 3, padding: 'causal', dilationRate: 2 },
  { filters: 4, kernelSize: 3, strides: 2, padding: 'same', groups: 2 },
];

describe('conv1d', () => {
  it.each(CASES)('equals the sum over windows for %o', (options) => {
    expectClose(
      expectNoLeak(() => convolved(options, [2, 6, 2])),
      oracle(options, [2, 6, 2]),
    );
  });

  it('equals it for every size, stride, dilation and padding', () => {
    fc.assert(
      fc.property(
        fc.record({
          filters: fc.integer({ min: 1, max: 3 }),
          kernelSize: fc.integer({ min: 1, max: 4 }),
          strides: fc.integer({ min: 1, max: 3 }),
          dilationRate: fc.integer({ min: 1, max: 3 }),
          padding: fc.constantFrom('valid' as const, 'same' as const, 'causal' as const),
        }),
        fc.integer({ min: 10, max: 13 }),
        (options, length) => {
          const fitting = options.strides > 1 ? { ...options, dilationRate: 1 } : options;
          expectClose(convolved(fitting, [1, length, 2]), oracle(fitting, [1, length, 2]));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('padded causally, sees no later step', () => {
    const values = (future: number) =>
      valuesOf(conv1d({ filters: 1, kernelSize: 3, padding: 'causal' }), () => [tf.tensor3d([[[1], [2], [future]]])]);
    expect((values(5) as number[][][])[0].slice(0, 2)).toEqual((values(-9) as number[][][])[0].slice(0, 2));
  });

  it.each(CASES)('has gradients for %o', (options) => {
    checkGradients(conv1d({ ...options, activation: 'tanh' }), () => [asymmetricTensor([1, 5, 2], 0.4)]);
  });

  it('knows its shape, open axes too', () => {
    for (const options of CASES) expect(shapesAgree(conv1d(options), () => [tf.ones([2, 7, 2])])).toBe(true);
    expect(conv1d({ filters: 3, kernelSize: 2 }).definition.outputs([{ shape: [null, null, 4], dtype: 'float32' }])[0].shape).toEqual([
      null,
      null,
      3,
    ]);
  });

  it('refuses what it cannot do', () => {
    expect(() => conv1d({ filters: 2, kernelSize: 2, strides: 2, dilationRate: 2 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: These options do not go together. [INVALID_OPTION]
        expected: strides or dilationRate equal to 1
        received: strides 2, dilationRate 2
        where: conv1d]
    `);
    expect(() => conv1d({ filters: 3, kernelSize: 2, groups: 2 })).toThrow(/filters divisible/);
    expect(() => conv1d({ filters: 3, kernelSize: 0 })).toThrow(/conv1d, kernelSize/);
    expect(() => conv1d({ filters: 3, kernelSize: 2, padding: 'full' as never })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: There is no such padding. [INVALID_OPTION]
        expected: 'valid', 'same', 'causal'
        received: full
        where: conv1d, padding]
    `);
    const outputs =
      (shape: number[], groups = 1) =>
      () =>
        conv1d({ filters: 2, kernelSize: 3, groups }).definition.outputs([{ shape, dtype: 'float32' }]);
    expect(outputs([1, 2, 2])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The sequence is shorter than one window. [SHAPE_MISMATCH]
        expected: at least 3 steps
        received: 2 steps
        where: input
        hint: padding: 'same' or 'causal' fills up what is missing.]
    `);
    expect(outputs([1, 3, 3], 2)).toThrow(/divide the features/);
    expect(outputs([1, 3])).toThrow(/SHAPE_MISMATCH/);
    expect(() => conv1d({ filters: 3, kernelSize: 2, data_format: 'channels_first' } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('says every option in effect', () => {
    expect(conv1d({ filters: 2, kernelSize: 3, padding: 'causal', useBias: false }).getConfig()).toEqual({
      name: 'conv1d',
      trainable: true,
      filters: 2,
      kernelSize: 3,
      strides: 1,
      padding: 'causal',
      dataFormat: 'channelsLast',
      dilationRate: 1,
      groups: 1,
      activation: 'linear',
      useBias: false,
      kernelInitializer: { name: 'glorotUniform', seed: null },
      biasInitializer: { name: 'zeros' },
      kernelRegularizer: null,
      biasRegularizer: null,
      kernelConstraint: null,
      biasConstraint: null,
    });
    expect(
      conv1d({ filters: 2, kernelSize: 3, useBias: false }).definition.parameters?.([{ shape: [null, 4, 5], dtype: 'float32' }]),
    ).toHaveLength(1);
  });
});
