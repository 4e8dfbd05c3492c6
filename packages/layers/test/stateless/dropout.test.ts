import '@cellstate/ops';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { DropoutOptions } from '../../src/stateless/dropout.ts';
import { dropout } from '../../src/stateless/dropout.ts';
import { checkGradients, runLayer } from '../run-layer.ts';

function factors(
  options: DropoutOptions,
  { shape, seed = 1, training = true }: { shape: number[]; seed?: number; training?: boolean },
): number[] {
  return expectNoLeak(() =>
    tf.tidy(() => Array.from(runLayer(dropout(options), [tf.ones(shape)], { training, seed }).outputs[0].dataSync())),
  );
}

describe('dropout', () => {
  it('drops the share asked for and keeps the mean', () => {
    const kept = factors({ rate: 0.3 }, { shape: [100, 20, 10] });
    const scale = Math.fround(1 / 0.7);
    expect(kept.every((value) => value === 0 || value === scale)).toBe(true);
    const dropped = kept.filter((value) => value === 0).length / kept.length;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / kept.length));
  });

  it('multiplies its input', () => {
    const values = [1, 2, 3, 4, 5, 6, 7, 8];
    const product = tf.tidy(() =>
      Array.from(runLayer(dropout({ rate: 0.5 }), [tf.tensor2d(values, [2, 4])], { training: true, seed: 3 }).outputs[0].dataSync()),
    );
    expect(product).toEqual(factors({ rate: 0.5 }, { shape: [2, 4], seed: 3 }).map((factor, i) => factor * values[i]));
    expect(new Set(product.map((value) => value === 0)).size).toBe(2);
  });

  it('gives the same bits for the same seed, others for another seed of the pass or of its own', () => {
    const shape = [6, 8];
    expect(factors({ rate: 0.5 }, { shape, seed: 4 })).toEqual(factors({ rate: 0.5 }, { shape, seed: 4 }));
    expect(factors({ rate: 0.5 }, { shape, seed: 4 })).not.toEqual(factors({ rate: 0.5 }, { shape, seed: 5 }));
    expect(factors({ rate: 0.5, seed: 1 }, { shape, seed: 4 })).not.toEqual(factors({ rate: 0.5, seed: 2 }, { shape, seed: 4 }));
  });

  it('shares draws along axes of noiseShape that are 1', () => {
    const kept = factors({ rate: 0.5, noiseShape: [null, 1, null] }, { shape: [4, 3, 8] });
    for (let row = 0; row < 4; row++) {
      const step = (t: number) => kept.slice((row * 3 + t) * 8, (row * 3 + t + 1) * 8);
      expect(step(1)).toEqual(step(0));
      expect(step(2)).toEqual(step(0));
    }
    expect(kept.slice(0, 24)).not.toEqual(kept.slice(24, 48));
  });

  it('returns its input itself outside training and at rate 0, without a seed', () => {
    tf.tidy(() => {
      const x = tf.ones([2, 3]);
      expect(runLayer(dropout({ rate: 0.5 }), [x]).outputs[0] === x).toBe(true);
      expect(runLayer(dropout({ rate: 0 }), [x], { training: true }).outputs[0] === x).toBe(true);
      expect(Array.from(runLayer(dropout({ rate: 1 }), [x], { training: true }).outputs[0].dataSync())).toEqual([0, 0, 0, 0, 0, 0]);
      expect(() => runLayer(dropout({ rate: 0.5 }), [x], { training: true })).toThrow(/SEED_MISSING/);
    });
  });

  it('has the gradient of its draw', () => {
    checkGradients(
      dropout({ rate: 0.4 }),
      () => [tf.tensor2d([1, -2, 3, 0.5], [2, 2])],
      () => ({ training: true, seed: 2 }),
    );
  });

  it('refuses what it cannot do', () => {
    expect(() => dropout({ rate: 1.5 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A rate is a share between 0 and 1. [INVALID_RATE]
        expected: a number from 0 to 1
        received: 1.5
        where: dropout, rate]
    `);
    expect(() => dropout({} as never)).toThrow(/INVALID_RATE/);
    expect(() => dropout({ rate: 0.5, noise_shape: [1] } as never)).toThrow(/Did you mean 'noiseShape'/);
    const { outputs } = dropout({ rate: 0.5, noiseShape: [null, 2, null] }).definition;
    expect(() => outputs([{ shape: [null, 3, 4], dtype: 'float32' }])).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The noise shape does not fit the input. [SHAPE_MISMATCH]
        expected: for each axis of [null, 3, 4]: its length, 1 or null
        received: [null, 2, null]
        where: noiseShape]
    `);
    expect(() => outputs([{ shape: [null, 3], dtype: 'float32' }])).toThrow(/SHAPE_MISMATCH/);
    expect(outputs([{ shape: [8, null, 4], dtype: 'float32' }])).toEqual([{ shape: [8, null, 4], dtype: 'float32' }]);
  });

  it('says its options', () => {
    expect(dropout({ rate: 0.25, seed: 3, name: 'thin' }).getConfig()).toEqual({
      name: 'thin',
      trainable: true,
      rate: 0.25,
      seed: 3,
      noiseShape: null,
    });
  });
});
