import * as tf from '@tensorflow/tfjs-core';
import { axisView } from './axis-view.ts';

/**
 * Gradient of `gather`: the slopes are added up where they were taken from; indices have none.
 *
 * Replaces tfjs-core's, which calls a method that Node does not have where `batchDims` is not 0, and whose sum by segments
 * takes time proportional to the rows of an embedding, not to those looked up.
 */
export const gatherGradient: tf.GradConfig = {
  kernelName: tf.GatherV2,
  inputsToSave: ['x', 'indices'],
  gradFunc: (dy, saved, attributes) => {
    const [x, indices] = saved as [tf.Tensor, tf.Tensor];
    return {
      x: () => gradient(dy as tf.Tensor, { x, indices, ...(attributes as unknown as tf.GatherV2Attrs) }),
      indices: () => tf.zeros(indices.shape),
    };
  },
};

interface Gathered extends tf.GatherV2Attrs {
  readonly x: tf.Tensor;
  readonly indices: tf.Tensor;
}

function gradient(dy: tf.Tensor, { x, indices, axis, batchDims }: Gathered): tf.Tensor {
  const [along] = tf.util.parseAxisParam(axis, x.shape) as [number];
  const batch = tf.util.sizeFromShape(x.shape.slice(0, batchDims));
  const [rows, size, inner] = axisView(x.shape, along);
  const outer = rows / Math.max(batch, 1);
  const count = indices.size / Math.max(batch, 1);
  const taken = tf.transpose(tf.reshape(dy, [batch, outer, count, inner]), [0, 2, 1, 3]);
  const starts = tf.reshape(tf.range(0, batch * size, size, 'int32'), [batch, 1]);
  const places = tf.add(starts, tf.reshape(indices, [batch, count]));
  const sums = tf.scatterND(tf.reshape(tf.cast(places, 'int32'), [batch * count, 1]), tf.reshape(taken, [batch * count, outer * inner]), [
    batch * size,
    outer * inner,
  ]);
  return tf.reshape(tf.transpose(tf.reshape(sums, [batch, size, outer, inner]), [0, 2, 1, 3]), x.shape);
}
