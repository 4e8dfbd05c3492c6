import * as tf from '@tensorflow/tfjs-core';

/** Gradient of `cumsum`: the sum from the other end. Replaces tfjs-core's, which is right along the last axis alone. */
export const cumsumGradient: tf.GradConfig = {
  kernelName: tf.Cumsum,
  gradFunc: (dy, _saved, attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as tf.CumsumAttrs;
    return { x: () => tf.cumsum(dy as tf.Tensor, axis, exclusive, !reverse) };
  },
};
