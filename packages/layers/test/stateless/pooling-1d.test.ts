import '@cellstate/ops';
import { expectClose } from '@cellstate/testing';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { averagePooling1d } from '../../src/stateless/average-pooling-1d.ts';
import { globalAveragePooling1d } from '../../src/stateless/global-average-pooling-1d.ts';
import { globalMaxPooling1d } from '../../src/stateless/global-max-pooling-1d.ts';
import { maxPooling1d } from '../../src/stateless/max-pooling-1d.ts';
import { checkGradients, runLayer, shapesAgree, valuesOf } from '../run-layer.ts';

/** One feature over five steps. */
const five = () => [tf.tensor3d([[[-1], [-5], [4], [2], [-3]]])];
const column = (values: number[]) => [values.map((value) => [value])];

describe('maxPooling1d', () => {
  it('takes whole windows, or the rest too', () => {
    expect(expectNoLeak(() => valuesOf(maxPooling1d(), five))).toEqual(column([-1, 4]));
    expect(valuesOf(maxPooling1d({ padding: 'same' }), five)).toEqual(column([-1, 4, -3]));
    expect(valuesOf(maxPooling1d({ poolSize: 3, strides: 1 }), five)).toEqual(column([4, 4, 4]));
    expect(valuesOf(maxPooling1d({ poolSize: 3, strides: 1, padding: 'same' }), five)).toEqual(column([-1, 4, 4, 4, 2]));
  });
});

describe('averagePooling1d', () => {
  it('averages real steps only', () => {
    expect(expectNoLeak(() => valuesOf(averagePooling1d(), five))).toEqual(column([-3, 3]));
    expect(valuesOf(averagePooling1d({ padding: 'same' }), five)).toEqual(column([-3, 3, -3]));
    const values = valuesOf(averagePooling1d({ poolSize: 3, strides: 2, padding: 'same' }), five);
    expectClose(values as number[][][], column([-3, 1 / 3, -0.5]));
  });
});

describe('pooling layers', () => {
  it.each([
    ['maxPooling1d', maxPooling1d],
    ['averagePooling1d', averagePooling1d],
  ] as const)('%s has gradients, shapes and options', (name, layer) => {
    const x = () => [asymmetricTensor([2, 5, 2], 0.4)];
    checkGradients(layer({ poolSize: 2 }), x);
    checkGradients(layer({ poolSize: 3, strides: 2, padding: 'same' }), x);
    for (const options of [{}, { poolSize: 3, strides: 1 }, { poolSize: 2, padding: 'same' as const }]) {
      expect(shapesAgree(layer(options), x)).toBe(true);
    }
    expect(layer().definition.outputs([{ shape: [null, null, 4], dtype: 'float32' }])[0].shape).toEqual([null, null, 4]);
    expect(layer({ poolSize: 3, strides: null }).getConfig()).toMatchObject({ trainable: true, poolSize: 3, strides: 3, padding: 'valid' });
    expect(() => layer({ poolSize: 0 })).toThrow(`${name}, poolSize`);
    expect(() => layer({ strides: 1.5 })).toThrow(`${name}, strides`);
    expect(() => layer({ padding: 'causal' as never })).toThrow(`${name}, padding`);
    expect(() => layer({ size: 2 } as never)).toThrow(/UNKNOWN_OPTION/);
    expect(() => layer().definition.outputs([{ shape: [1, 1, 2], dtype: 'float32' }])).toThrow(/shorter than one window/);
    expect(() => layer().definition.outputs([{ shape: [1, 2], dtype: 'float32' }])).toThrow(/SHAPE_MISMATCH/);
  });

  it('name themselves as Keras does', () => {
    const layers = [maxPooling1d(), averagePooling1d(), globalMaxPooling1d(), globalAveragePooling1d()];
    expect(layers.map(({ name }) => name)).toEqual([
      'max_pooling1d',
      'average_pooling1d',
      'global_max_pooling1d',
      'global_average_pooling1d',
    ]);
  });
});

describe('global pooling layers', () => {
  const x = () => [
    tf.tensor3d([
      [
        [1, -4],
        [3, -2],
        [8, -9],
      ],
    ]),
  ];

  it('take the largest, or the mean, over time', () => {
    expect(expectNoLeak(() => valuesOf(globalMaxPooling1d(), x))).toEqual([[8, -2]]);
    expect(expectNoLeak(() => valuesOf(globalAveragePooling1d(), x))).toEqual([[4, -5]]);
    expect(valuesOf(globalMaxPooling1d({ keepdims: true }), x)).toEqual([[[8, -2]]]);
    expect(valuesOf(globalAveragePooling1d({ keepdims: true }), x)).toEqual([[[4, -5]]]);
  });

  it('averages real steps only under a mask', () => {
    const masks = () => ({ masks: [tf.tensor2d([[1, 1, 0]], undefined, 'bool')] });
    expect(valuesOf(globalAveragePooling1d(), x, masks)).toEqual([[2, -3]]);
    expect(valuesOf(globalAveragePooling1d({ keepdims: true }), x, masks)).toEqual([[[2, -3]]]);
    const none = valuesOf(globalAveragePooling1d(), x, () => ({ masks: [tf.zeros([1, 3], 'bool')] }));
    expect((none as number[][])[0]).toEqual([Number.NaN, Number.NaN]);
    expect(tf.tidy(() => (runLayer(globalAveragePooling1d(), x(), masks()).masks ?? []).length)).toBe(0);
  });

  it.each([
    ['globalMaxPooling1d', globalMaxPooling1d],
    ['globalAveragePooling1d', globalAveragePooling1d],
  ] as const)('%s has gradients, shapes and options', (_, layer) => {
    checkGradients(layer(), () => [asymmetricTensor([2, 3, 2], 0.4)]);
    checkGradients(layer({ keepdims: true }), () => [asymmetricTensor([2, 3, 2], 0.4)]);
    expect(shapesAgree(layer(), x)).toBe(true);
    expect(shapesAgree(layer({ keepdims: true }), x)).toBe(true);
    expect(layer({ keepdims: true }).getConfig()).toMatchObject({ trainable: true, keepdims: true });
    expect(() => layer({ keepDims: true } as never)).toThrow(/Did you mean 'keepdims'/);
    expect(() => layer().definition.outputs([{ shape: [1, 2], dtype: 'float32' }])).toThrow(/SHAPE_MISMATCH/);
  });
});
