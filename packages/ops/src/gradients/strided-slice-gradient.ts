import * as tf from '@tensorflow/tfjs-core';
import { axisView } from './axis-view.ts';

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

interface Steps {
  /** Of the axis before it was sliced. */
  readonly size: number;
  readonly begin: number;
  readonly stride: number;
  /** Elements taken. */
  readonly count: number;
}

function spreadAxis(slopes: tf.Tensor, axis: number, { size, begin, stride, count }: Steps): tf.Tensor {
  const [outer, , inner] = axisView(slopes.shape, axis);
  const gap = Math.abs(stride);
  const span = (count - 1) * gap + 1;
  const start = stride > 0 ? begin : begin - span + 1;
  const view = tf.reshape(slopes, [outer, count, 1, inner]);
  const spread = tf.pad(stride > 0 ? view : tf.reverse(view, 1), [
    [0, 0],
    [0, 0],
    [0, gap - 1],
    [0, 0],
  ]);
  const trimmed = tf.slice(tf.reshape(spread, [outer, count * gap, inner]), [0, 0, 0], [outer, span, inner]);
  const placed = tf.pad(trimmed, [
    [0, 0],
    [start, size - start - span],
    [0, 0],
  ]);
  return tf.reshape(
    placed,
    slopes.shape.map((length, i) => (i === axis ? size : length)),
  );
}
