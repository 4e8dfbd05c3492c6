import '@cellstate/ops';
import { asymmetricTensor, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { add } from '../../src/stateless/add.ts';
import { average } from '../../src/stateless/average.ts';
import { maximum } from '../../src/stateless/maximum.ts';
import { minimum } from '../../src/stateless/minimum.ts';
import { multiply } from '../../src/stateless/multiply.ts';
import { subtract } from '../../src/stateless/subtract.ts';
import { checkGradients, runLayer, shapesAgree, valuesOf } from '../run-layer.ts';

const LAYERS = [
  ['add', add, (values: number[]) => values.reduce((a, b) => a + b)],
  ['multiply', multiply, (values: number[]) => values.reduce((a, b) => a * b)],
  ['average', average, (values: number[]) => values.reduce((a, b) => a + b) / values.length],
  ['maximum', maximum, (values: number[]) => Math.max(...values)],
  ['minimum', minimum, (values: number[]) => Math.min(...values)],
] as const;

const rows = [
  [1, 5, -2],
  [3, 2, 8],
  [-4, 7, 0.5],
];

describe('elementwise merges', () => {
  it.each(LAYERS)('%s combines any number of inputs value by value', (_, layer, combine) => {
    const merged = (count: number) => expectNoLeak(() => valuesOf(layer(), () => rows.slice(0, count).map((row) => tf.tensor2d([row]))));
    for (const count of [1, 2, 3]) {
      expect(merged(count)).toEqual([[0, 1, 2].map((i) => Math.fround(combine(rows.slice(0, count).map((row) => row[i]))))]);
    }
  });

  it('subtract takes the second from the first, and exactly two', () => {
    expect(valuesOf(subtract(), () => [tf.tensor2d([[1, 2]]), tf.tensor2d([[3, 5]])])).toEqual([[-2, -3]]);
    const spec = { shape: [null, 2], dtype: 'float32' as const };
    expect(() => subtract().definition.outputs([spec, spec, spec])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The layer takes another number of inputs. [SHAPE_MISMATCH]
        expected: 2
        received: 3
        where: inputs]
    `);
    expect(() => subtract().definition.outputs([spec])).toThrow(/SHAPE_MISMATCH/);
  });

  it.each([add, subtract, multiply, average, maximum, minimum])('%o has gradients, also where shapes broadcast', (layer) => {
    checkGradients(layer(), () => [asymmetricTensor([2, 3, 2], 0.4), asymmetricTensor([2, 1, 2], 5.7)]);
  });

  it('gives a vector to every step', () => {
    const values = valuesOf(add(), () => [
      tf.tensor2d([[10, 20]]),
      tf.tensor3d([
        [
          [1, 2],
          [3, 4],
        ],
      ]),
    ]);
    expect(values).toEqual([
      [
        [11, 22],
        [13, 24],
      ],
    ]);
    expect(shapesAgree(add(), () => [tf.ones([3, 2]), tf.ones([3, 5, 2]), tf.ones([3, 1, 1])])).toBe(true);
  });

  // Two inputs of four steps: both real, only the first, only the second, none.
  it.each([
    ['multiply', multiply, [20, 3, 40, 0], [20, 3, 4, 5]],
    ['maximum', maximum, [10, 3, 40, 5], [10, 3, 4, 5]],
    ['minimum', minimum, [2, 3, 40, 5], [2, 3, 4, 5]],
  ] as const)('%s: a masked step gives way to the others, as in Keras', (_, layer, bothMasked, oneMasked) => {
    const merged = (masks: (number[] | null)[]) =>
      expectNoLeak(() =>
        tf.tidy(() => {
          const inputs = [
            [2, 3, 4, 5],
            [10, 30, 40, 50],
          ].map((values) => tf.tensor3d(values, [1, 4, 1]));
          const { outputs } = runLayer(layer(), inputs, { masks: masks.map((mask) => (mask === null ? null : tf.tensor2d([mask]))) });
          return Array.from(outputs[0].dataSync());
        }),
      );
    expect(
      merged([
        [1, 1, 0, 0],
        [1, 0, 1, 0],
      ]),
    ).toEqual(bothMasked);
    expect(merged([null, [1, 0, 0, 0]])).toEqual(oneMasked);
  });

  it('a step is real when it is in any mask, if all inputs have one', () => {
    const mask = (...masks: (number[] | null)[]) =>
      tf.tidy(() => {
        const inputs = masks.map(() => tf.ones([1, 3, 1]));
        const found = runLayer(add(), inputs, { masks: masks.map((one) => (one === null ? null : tf.tensor2d([one]))) }).masks?.[0];
        return { mask: found ? (found as tf.Tensor2D).arraySync() : 'none' };
      }).mask;
    expect(mask([1, 0, 0], [0, 0, 1])).toEqual([[1, 0, 1]]);
    expect(mask([1, 0, 0], null)).toBe('none');
    expect(mask(null, null)).toBe('none');
  });

  it('knows shapes with open axes', () => {
    const shape = (...shapes: (number | null)[][]) =>
      add().definition.outputs(shapes.map((one) => ({ shape: one, dtype: 'float32' as const })))[0].shape;
    expect(shape([null, null, 4], [8, 5, 4])).toEqual([8, 5, 4]);
    expect(shape([null, null, 4], [null, 1, 4])).toEqual([null, null, 4]);
    expect(shape([null, 1, 1], [null, 3])).toEqual([null, 1, 3]);
  });

  it('refuses shapes that do not fit, no input, and unknown options', () => {
    const outputs =
      (...shapes: number[][]) =>
      () =>
        add().definition.outputs(shapes.map((shape) => ({ shape, dtype: 'float32' as const })));
    expect(outputs([2, 3, 4], [2, 2, 4])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: Inputs must have the same shape, or lengths of 1 where they differ. [SHAPE_MISMATCH]
        expected: [2, 3, 4]
        received: [2, 2, 4]
        where: inputs]
    `);
    expect(outputs()).toThrow(/one or more/);
    expect(() => multiply({ axis: 1 } as never)).toThrow(/UNKNOWN_OPTION/);
  });

  it('says what it is', () => {
    expect([add(), subtract(), multiply(), average(), maximum(), minimum()].map(({ className }) => className)).toEqual([
      'Add',
      'Subtract',
      'Multiply',
      'Average',
      'Maximum',
      'Minimum',
    ]);
    expect(add({ name: 'skip' }).getConfig()).toEqual({ name: 'skip', trainable: true });
  });
});
