import * as tf from '@tensorflow/tfjs-core';
import { compare, type Tolerance } from './compare.ts';
import { cotangent } from './cotangent.ts';
import { type DifferenceOptions, finiteDifferences, floats, type TensorFunction } from './finite-differences.ts';

/**
 * Throws unless the gradients that `f` gives by back-propagation agree with finite differences, for every float32 input.
 *
 * Integer and boolean inputs are passed through, outputs of these types ignored. `f` must be smooth within two steps of
 * each input value. Default tolerance: 1e-3 + 1e-3 · |expected|. The message names the input and its worst element.
 *
 * @example
 * ```ts
 * import '@cellstate/testing/setup';
 * import { expectGradientsMatch } from '@cellstate/testing/tensors';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const square = tf.customGrad((x) => ({ value: tf.square(x as tf.Tensor), gradFunc: (dy) => tf.mul(dy, tf.mul(x as tf.Tensor, 2)) }));
 * const x = tf.tensor1d([1, 2, 3]);
 * expectGradientsMatch((x) => square(x), [x]);
 * x.dispose();
 * ```
 */
export function expectGradientsMatch(
  f: TensorFunction,
  inputs: readonly tf.Tensor[],
  { absolute = 1e-3, relative = 1e-3, ...options }: Tolerance & DifferenceOptions = {},
): void {
  const expected = finiteDifferences(f, inputs, options);
  tf.tidy(() => {
    const wanted = inputs.filter((input) => input.dtype === 'float32');
    const call = (...differentiable: tf.Tensor[]) => {
      const rest = [...differentiable];
      return project(floats(f(...inputs.map((input) => (input.dtype === 'float32' ? (rest.shift() as tf.Tensor) : input)))));
    };
    const gradients = tf.grads(call)([...wanted]);
    for (const [i, input] of inputs.entries()) {
      const reference = expected[i];
      if (!reference) continue;
      const gradient = gradients.shift() as tf.Tensor;
      const shapes = { shape: input.shape, data: reference };
      const { close, report } = compare(gradient, shapes, { absolute, relative });
      if (!close) throw new Error(`Gradient with respect to input ${i}: ${report}`);
    }
  });
}

/** Σ w · y in one scalar, with its own gradient, so that the check leans on no registered one. */
function project(outputs: tf.Tensor[]): tf.Scalar {
  const weights = () => outputs.map((output, i) => tf.tensor(cotangent(output.shape, i), output.shape));
  const scalar = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const ys = args.slice(0, outputs.length) as tf.Tensor[];
    const factors = weights();
    return { value: tf.addN(ys.map((y, i) => tf.sum(tf.mul(y, factors[i] as tf.Tensor)))), gradFunc: weights };
  });
  return scalar(...outputs) as tf.Scalar;
}
