import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { ElementwiseMerge } from './elementwise-merge.ts';

/**
 * Combines inputs two by two, as Keras' Maximum and Minimum do: where only one of the two is real it wins, and where neither is,
 * the first.
 */
export function pickReal(pick: (a: Tensor, b: Tensor) => Tensor): ElementwiseMerge['combine'] {
  return ([first, ...rest], [firstReal = null, ...restReal]) => {
    let found = first as Tensor;
    let foundReal = firstReal;
    for (const [i, input] of rest.entries()) {
      const real = restReal[i] ?? null;
      const other = real === null ? input : tf.where(real, input, found);
      found = pick(foundReal === null ? found : tf.where(foundReal, found, other), other);
      foundReal = real === null || foundReal === null ? null : tf.logicalOr(foundReal, real);
    }
    return found;
  };
}
