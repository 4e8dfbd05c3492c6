import * as tf from '@tensorflow/tfjs-core';
import { spreadAxis } from './spread-axis.ts';

/** Gradient of `stridedSlice`: the slopes are put back, axis by axis, at the places they were taken from, zeros between. */
export const stridedSliceGradient: tf.GradConfig = {
  kernelName: tf.StridedSlice,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => gradient(dy as tf.Tensor, (x as tf.Tensor).shape, attributes as unknown as tf.StridedSliceAttrs),
  }),
};

function gradient(dy: tf.Tensor, shape: number[], attributes: tf.StridedSliceAttrs): tf.Tensor {
  const { beginMask, endMask, ellipsisMask, newAxisMask, shrinkAxisMask } = attributes;
  const slice = tf.slice_util.sliceInfo(
    shape,
    attributes.begin,
    attributes.end,
    attributes.strides,
    beginMask,
    endMask,
    ellipsisMask,
    newAxisMask,
    shrinkAxisMask,
  );
  if (dy.size === 0) return tf.zeros(shape);
  const steps = shape.map((size, axis) => {
    const begin = slice.begin[axis] as number;
    const stride = slice.strides[axis] as number;
    return { size, begin, stride, count: Math.ceil(((slice.end[axis] as number) - begin) / stride) };
  });
  const taken = tf.reshape(
    dy,
    steps.map(({ count }) => count),
  );
  return steps.reduce((slopes, step, axis) => spreadAxis(slopes, axis, step), taken);
}
