import * as tf from '@tensorflow/tfjs-core';

/** `tf.tidy` for functions whose result is typed by an interface, which TensorFlow.js' own signature refuses. */
export function tidyResult<T extends object>(scope: () => T): T {
  return tf.tidy(() => scope() as unknown as tf.TensorContainer) as unknown as T;
}
