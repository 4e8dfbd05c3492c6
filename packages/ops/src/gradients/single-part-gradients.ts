import * as tf from '@tensorflow/tfjs-core';

// tfjs-core hands a bare tensor, not a list, to the gradient of an operation with one output. Its own definitions for
// operations with a variable number of outputs forget that, and throw for a split in one part or an axis of length one.

/** Gradient of `tf.split`. */
export const splitVGradient: tf.GradConfig = {
  kernelName: tf.SplitV,
  gradFunc: (dy, _saved, attributes) => ({ x: () => tf.concat(parts(dy), (attributes as unknown as { axis: number }).axis) }),
};

/** Gradient of `tf.unstack`. */
export const unpackGradient: tf.GradConfig = {
  kernelName: tf.Unpack,
  gradFunc: (dy, _saved, attributes) => ({ value: () => tf.stack(parts(dy), (attributes as unknown as { axis: number }).axis) }),
};

function parts(dy: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  return Array.isArray(dy) ? dy : [dy];
}
