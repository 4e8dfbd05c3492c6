import { random, size } from '@cellstate/core';
import type { Rank, ShapeMap, Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Factors of inverted dropout: 0 with probability `rate`, else 1 / (1 − rate), so that the mean stays 1. At rate 1 all are 0.
 *
 * The same shape and seed give the same factors. The caller owns the tensor.
 */
export function dropoutFactors<R extends Rank = Rank>(
  shape: ShapeMap[R],
  options: { readonly rate: number; readonly seed: number },
): Tensor<R> {
  const { rate, seed } = options;
  const factors = new Float32Array(size(shape));
  if (rate < 1) {
    const stream = random(seed);
    const kept = 1 / (1 - rate);
    for (let i = 0; i < factors.length; i++) if (stream.uniform() >= rate) factors[i] = kept;
  }
  return tf.tensor(factors, shape);
}
