import * as tf from '@tensorflow/tfjs-core';
import { linearAlongAxis } from './linear-along-axis.ts';

// An average over a box is an average along each of its axes in turn: y = … P₂ P₁ x, so dx = … P₂ᵀ P₁ᵀ dy. The matrix P of
// an axis has in each row one window: 1 / n at the n elements that lie inside the image.

/**
 * Gradient of `avgPool`. Replaces tfjs-core's, whose kernel divides by the whole window where padding fills part of it, and
 * which forgets the rounding of the output's size.
 */
export const averagePoolGradient: tf.GradConfig = {
  kernelName: tf.AvgPool,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.AvgPoolAttrs;
    const { shape } = x as tf.Tensor4D;
    const pool = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const axes = [
      { windows: pool.outHeight, window: pool.filterHeight, stride: pool.strideHeight, before: pool.padInfo.top, size: pool.inHeight },
      { windows: pool.outWidth, window: pool.filterWidth, stride: pool.strideWidth, before: pool.padInfo.left, size: pool.inWidth },
    ];
    return { x: () => gradient(dy as tf.Tensor, axes) };
  },
};

/** Gradient of `avgPool3d`; see `averagePoolGradient`. */
export const averagePool3dGradient: tf.GradConfig = {
  kernelName: tf.AvgPool3D,
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { filterSize, strides, pad, dimRoundingMode } = attributes as unknown as tf.AvgPool3DAttrs;
    const { shape } = x as tf.Tensor5D;
    const pool = tf.backend_util.computePool3DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode);
    const axes = [
      { windows: pool.outDepth, window: pool.filterDepth, stride: pool.strideDepth, before: pool.padInfo.front, size: pool.inDepth },
      { windows: pool.outHeight, window: pool.filterHeight, stride: pool.strideHeight, before: pool.padInfo.top, size: pool.inHeight },
      { windows: pool.outWidth, window: pool.filterWidth, stride: pool.strideWidth, before: pool.padInfo.left, size: pool.inWidth },
    ];
    return { x: () => gradient(dy as tf.Tensor, axes) };
  },
};

interface PooledAxis {
  readonly windows: number;
  /** Elements in a window. */
  readonly window: number;
  readonly stride: number;
  /** Elements of padding before the first. */
  readonly before: number;
  /** Elements of the image. */
  readonly size: number;
}

function gradient(dy: tf.Tensor, axes: readonly PooledAxis[]): tf.Tensor {
  return axes.reduce((slopes, axis, i) => linearAlongAxis(slopes, i + 1, averages(axis)), dy);
}

function averages({ windows, window, stride, before, size }: PooledAxis): tf.Tensor2D {
  const matrix = new Float32Array(windows * size);
  for (let row = 0; row < windows; row++) {
    const start = Math.max(row * stride - before, 0);
    const end = Math.min(row * stride - before + window, size);
    matrix.fill(1 / (end - start), row * size + start, row * size + end);
  }
  return tf.tensor2d(matrix, [windows, size]);
}
