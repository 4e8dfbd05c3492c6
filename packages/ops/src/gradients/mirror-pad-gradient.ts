import * as tf from '@tensorflow/tfjs-core';
import { axisView } from './axis-view.ts';

/**
 * Gradient of `mirrorPad`: the slopes of the padding are folded back, axis by axis, onto the elements they mirror.
 * Replaces tfjs-core's, which drops them.
 */
export const mirrorPadGradient: tf.GradConfig = {
  kernelName: tf.MirrorPad,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { paddings, mode } = attributes as unknown as { paddings: [number, number][]; mode: 'reflect' | 'symmetric' };
    const edge = mode === 'reflect' ? 1 : 0;
    const fold = () => paddings.reduce((folded, padding, axis) => foldAxis(folded, axis, padding, edge), tf.clone(dy as tf.Tensor));
    return { x: () => tf.reshape(fold(), (x as tf.Tensor).shape) };
  },
};

/** `edge` is 1 where the mirror leaves out the outermost element, 0 where it repeats it. */
function foldAxis(dy: tf.Tensor, axis: number, [before, after]: readonly [number, number], edge: number): tf.Tensor {
  if (before === 0 && after === 0) return dy;
  const [outer, padded, inner] = axisView(dy.shape, axis);
  const size = padded - before - after;
  const view = tf.reshape(dy, [outer, padded, inner]);
  const part = (start: number, length: number) => tf.slice(view, [0, start, 0], [outer, length, inner]);
  const place = (mirrored: tf.Tensor, start: number, length: number) =>
    tf.pad(tf.reverse(mirrored, 1), [
      [0, 0],
      [start, size - start - length],
      [0, 0],
    ]);
  const folded = tf.addN([
    part(before, size),
    place(part(0, before), edge, before),
    place(part(before + size, after), size - edge - after, after),
  ]);
  return tf.reshape(
    folded,
    dy.shape.map((length, i) => (i === axis ? size : length)),
  );
}
