import * as tf from '@tensorflow/tfjs-core';

/** `tf.tidy` for results whose type is an interface: everything made inside is freed but the tensors of the result. */
export function tidyResult<T extends object>(run: () => T): T {
  return tf.tidy(run as unknown as () => tf.TensorContainer) as unknown as T;
}
