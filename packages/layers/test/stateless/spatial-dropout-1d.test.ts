import '@cellstate/ops';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../src/contract.ts';
import { spatialDropout1d } from '../../src/stateless/spatial-dropout-1d.ts';
import { runLayer } from '../run-layer.ts';

function draw(layer: Layer, { shape, seed = 1 }: { shape: number[]; seed?: number }): number[] {
  return expectNoLeak(() => tf.tidy(() => Array.from(runLayer(layer, [tf.ones(shape)], { training: true, seed }).outputs[0].dataSync())));
}

describe('spatialDropout1d', () => {
  it('drops whole features and keeps the mean', () => {
    const [rows, steps, features] = [40, 3, 50];
    const kept = draw(spatialDropout1d({ rate: 0.3 }), { shape: [rows, steps, features] });
    const scale = Math.fround(1 / 0.7);
    expect(kept.every((value) => value === 0 || value === scale)).toBe(true);
    for (let row = 0; row < rows; row++) {
      const step = (t: number) => kept.slice((row * steps + t) * features, (row * steps + t + 1) * features);
      expect(step(1)).toEqual(step(0));
      expect(step(2)).toEqual(step(0));
    }
    const dropped = kept.filter((value) => value === 0).length / kept.length;
    expect(Math.abs(dropped - 0.3)).toBeLessThan(4 * Math.sqrt((0.3 * 0.7) / (rows * features)));
  });

  it('is the same for the same seed, another for another', () => {
    const layer = spatialDropout1d({ rate: 0.5 });
    expect(draw(layer, { shape: [3, 2, 9] })).toEqual(draw(layer, { shape: [3, 2, 9] }));
    expect(draw(layer, { shape: [3, 2, 9] })).not.toEqual(draw(layer, { shape: [3, 2, 9], seed: 2 }));
  });

  it('does nothing outside training, and asks for a seed only when it draws', () => {
    tf.tidy(() => {
      const x = tf.ones([1, 2, 2]);
      expect(runLayer(spatialDropout1d({ rate: 0.5 }), [x]).outputs[0] === x).toBe(true);
      expect(runLayer(spatialDropout1d({ rate: 0 }), [x], { training: true }).outputs[0] === x).toBe(true);
      expect(Array.from(runLayer(spatialDropout1d({ rate: 1 }), [x], { training: true }).outputs[0].dataSync())).toEqual([0, 0, 0, 0]);
      expect(() => runLayer(spatialDropout1d({ rate: 0.5 }), [x], { training: true })).toThrow(/SEED_MISSING/);
    });
  });

  it('refuses what it cannot do, and says its options', () => {
    expect(() => spatialDropout1d({ rate: -0.1 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: A rate is a share between 0 and 1. [INVALID_RATE]
        expected: a number from 0 to 1
        received: -0.1
        where: spatialDropout1d, rate]
    `);
    expect(() => spatialDropout1d({ rate: 0.1 }).definition.outputs([{ shape: [null, 3], dtype: 'float32' }])).toThrow(/SHAPE_MISMATCH/);
    expect(() => spatialDropout1d({ rate: 0.1, noiseShape: [] } as never)).toThrow(/UNKNOWN_OPTION/);
    expect(spatialDropout1d({ rate: 0.1 }).getConfig()).toEqual({ name: 'spatial_dropout1d', trainable: true, rate: 0.1, seed: null });
  });
});
