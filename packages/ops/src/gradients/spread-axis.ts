import * as tf from '@tensorflow/tfjs-core';
import { axisView } from './axis-view.ts';

/** Which elements of an axis: `count` of its `size`, every `stride`-th from `begin` on. */
export interface Steps {
  readonly size: number;
  readonly begin: number;
  readonly stride: number;
  readonly count: number;
}

/** Puts `values` at these places along an axis, in their order, and zeros everywhere else. A negative stride goes backwards. */
export function spreadAxis(values: tf.Tensor, axis: number, { size, begin, stride, count }: Steps): tf.Tensor {
  const [outer, , inner] = axisView(values.shape, axis);
  const gap = Math.abs(stride);
  const span = (count - 1) * gap + 1;
  const start = stride > 0 ? begin : begin - span + 1;
  const view = tf.reshape(values, [outer, count, 1, inner]);
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
    values.shape.map((length, i) => (i === axis ? size : length)),
  );
}
