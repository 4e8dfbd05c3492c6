import '@cellstate/ops';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Layer } from '../../src/contract.ts';
import { gaussianNoise } from '../../src/stateless/gaussian-noise.ts';
import { checkGradients, runLayer } from '../run-layer.ts';

function draw(layer: Layer, { shape, seed = 1 }: { shape: number[]; seed?: number }): number[] {
  return expectNoLeak(() => tf.tidy(() => Array.from(runLayer(layer, [tf.ones(shape)], { training: true, seed }).outputs[0].dataSync())));
}

describe('gaussianNoise', () => {
  it('adds noise of the standard deviation asked for', () => {
    const noise = draw(gaussianNoise({ stddev: 0.5 }), { shape: [100, 200] }).map((value) => value - 1);
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length;
    const variance = noise.reduce((sum, value) => sum + value * value, 0) / noise.length;
    expect(Math.abs(mean)).toBeLessThan((5 * 0.5) / Math.sqrt(noise.length));
    expect(variance / 0.25).toBeCloseTo(1, 1);
  });

  it('is the same for the same seed, another for another', () => {
    const layer = gaussianNoise({ stddev: 0.5 });
    expect(draw(layer, { shape: [3, 4] })).toEqual(draw(layer, { shape: [3, 4] }));
    expect(draw(layer, { shape: [3, 4] })).not.toEqual(draw(layer, { shape: [3, 4], seed: 2 }));
  });

  it('does nothing outside training, and asks for a seed only when it draws', () => {
    tf.tidy(() => {
      const x = tf.ones([2, 3]);
      expect(runLayer(gaussianNoise({ stddev: 0.5 }), [x]).outputs[0] === x).toBe(true);
      expect(runLayer(gaussianNoise({ stddev: 0 }), [x], { training: true }).outputs[0] === x).toBe(true);
      expect(() => runLayer(gaussianNoise({ stddev: 0.5 }), [x], { training: true })).toThrow(/SEED_MISSING/);
    });
  });

  it('lets gradients through', () => {
    checkGradients(
      gaussianNoise({ stddev: 0.5 }),
      () => [tf.tensor2d([[1, -2]])],
      () => ({ training: true, seed: 4 }),
    );
  });

  it('refuses what it cannot do, and says its options', () => {
    expect(() => gaussianNoise({ stddev: 1.5 })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The standard deviation of the noise must be between 0 and 1. [INVALID_OPTION]
        expected: a number from 0 to 1
        received: 1.5
        where: gaussianNoise, stddev]
    `);
    expect(() => gaussianNoise({} as never)).toThrow(/INVALID_OPTION/);
    expect(() => gaussianNoise({ stddev: 0.1, rate: 1 } as never)).toThrow(/UNKNOWN_OPTION/);
    expect(gaussianNoise({ stddev: 0.1, seed: 3 }).getConfig()).toEqual({ name: 'gaussian_noise', trainable: true, stddev: 0.1, seed: 3 });
  });
});
