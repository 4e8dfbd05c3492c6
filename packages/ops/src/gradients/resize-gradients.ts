import * as tf from '@tensorflow/tfjs-core';
import { linearAlongAxis } from './linear-along-axis.ts';

// Resizing is linear along the height and then along the width: y = W H x, so dx = Hᵀ Wᵀ dy. The matrix of an axis is what
// the operation itself makes of the identity.

type Resize = typeof tf.image.resizeBilinear;

/**
 * Gradient of `resizeBilinear`. Replaces tfjs-core's, which gives images that are not square the wrong shape on the `cpu`
 * backend, and ignores `halfPixelCenters`.
 */
export const resizeBilinearGradient: tf.GradConfig = resizeGradient(tf.ResizeBilinear, (...args) => tf.image.resizeBilinear(...args));

/** Gradient of `resizeNearestNeighbor`. Replaces tfjs-core's, which ignores `halfPixelCenters`. */
export const resizeNearestNeighborGradient: tf.GradConfig = resizeGradient(tf.ResizeNearestNeighbor, (...args) =>
  tf.image.resizeNearestNeighbor(...args),
);

function resizeGradient(kernelName: string, resize: Resize): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: ['images'],
    gradFunc: (dy, [images], attributes) => {
      const { alignCorners, halfPixelCenters, size } = attributes as unknown as tf.ResizeBilinearAttrs;
      const [, height, width] = (images as tf.Tensor4D).shape;
      const matrix = (from: number, to: number): tf.Tensor2D => {
        const identity: tf.Tensor4D = tf.reshape(tf.eye(from), [1, from, 1, from]);
        return tf.reshape(resize(identity, [to, 1], alignCorners, halfPixelCenters), [to, from]);
      };
      const rows = () => linearAlongAxis(dy as tf.Tensor, 1, matrix(height, size[0]));
      return { images: () => linearAlongAxis(rows(), 2, matrix(width, size[1])) };
    },
  };
}
