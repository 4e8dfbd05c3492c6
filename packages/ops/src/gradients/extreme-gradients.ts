import * as tf from '@tensorflow/tfjs-core';

/** Gradient of `max` and `min` over axes, shared evenly by all that are extreme. Replaces tfjs-core's, which gives each of them the whole. */
function extremeGradient(kernelName: typeof tf.Max | typeof tf.Min, axesOf: (attributes: unknown) => number | number[]): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (dy, saved, attributes) => ({
      x: () => {
        const [x, y] = saved as [tf.Tensor, tf.Tensor];
        const axes = tf.util.parseAxisParam(axesOf(attributes), x.shape);
        const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length));
        const extreme = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32');
        return tf.mul(extreme, tf.div(tf.reshape(dy as tf.Tensor, kept), tf.sum(extreme, axes, true)));
      },
    }),
  };
}

export const maxGradient: tf.GradConfig = extremeGradient(tf.Max, (attributes) => (attributes as tf.MaxAttrs).reductionIndices);
export const minGradient: tf.GradConfig = extremeGradient(tf.Min, (attributes) => (attributes as tf.MinAttrs).axis);
