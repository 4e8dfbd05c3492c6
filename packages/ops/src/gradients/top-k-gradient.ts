import * as tf from '@tensorflow/tfjs-core';

/** Gradient of `topk`: the slopes of the values go back to the places they were found at; the indices have none. */
export const topKGradient: tf.GradConfig = {
  kernelName: tf.TopK,
  inputsToSave: ['x'],
  outputsToSave: [false, true],
  gradFunc: (dys, saved) => {
    const [dValues] = dys as tf.Tensor[];
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    return { x: () => scatterRows(dValues as tf.Tensor, indices, x.shape) };
  },
};

/** Adds `values` into zeros of `shape` at `indices` along the last axis. */
function scatterRows(values: tf.Tensor, indices: tf.Tensor, shape: number[]): tf.Tensor {
  const size = shape.at(-1) as number;
  const k = indices.shape.at(-1) as number;
  const rows = tf.util.sizeFromShape(shape.slice(0, -1));
  const starts = tf.reshape(tf.range(0, rows * size, size, 'int32'), [rows, 1]);
  const flat = tf.add(starts, tf.reshape(indices, [rows, k]));
  return tf.reshape(tf.scatterND(tf.reshape(flat, [rows * k, 1]), tf.reshape(values, [rows * k]), [rows * size]), shape);
}
