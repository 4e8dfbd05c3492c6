import * as tf from '@tensorflow/tfjs-core';
import { check, type GradientCases, spread } from './gradient-case.ts';

/** Convolutions, pooling, normalisation, resizing and the product of matrices. */
export const windows: GradientCases = {
  AvgPool: [
    check('', (x) => tf.avgPool(x as tf.Tensor4D, 2, 1, 'valid'), spread([1, 3, 3, 2])),
    check('strides, same', (x) => tf.avgPool(x as tf.Tensor4D, [2, 3], 2, 'same'), spread([1, 3, 4, 1])),
    check('a batch, uneven strides', (x) => tf.avgPool(x as tf.Tensor4D, [2, 1], [1, 2], 'valid'), spread([2, 3, 3, 2])),
    check('size rounded up', (x) => tf.avgPool(x as tf.Tensor4D, 2, 2, 0, 'ceil'), spread([1, 3, 3, 1])),
  ],
  AvgPool3D: [
    check('', (x) => tf.avgPool3d(x as tf.Tensor5D, 2, 1, 'valid'), spread([1, 2, 3, 2, 2])),
    check('strides, same', (x) => tf.avgPool3d(x as tf.Tensor5D, [2, 3, 2], [1, 2, 1], 'same'), spread([1, 2, 4, 3, 1])),
  ],
  BatchMatMul: [
    check('', (a, b) => tf.matMul(a, b), spread([2, 3]), spread([3, 2], 1, 2)),
    check('transposed left', (a, b) => tf.matMul(a, b, true, false), spread([3, 2]), spread([3, 2], 1, 2)),
    check('transposed right', (a, b) => tf.matMul(a, b, false, true), spread([2, 3]), spread([2, 3], 1, 2)),
    check('transposed both', (a, b) => tf.matMul(a, b, true, true), spread([3, 2]), spread([2, 3], 1, 2)),
    check('batch', (a, b) => tf.matMul(a, b), spread([2, 2, 3]), spread([2, 3, 1], 1, 2)),
    check('a batch and one matrix', (a, b) => tf.matMul(a, b), spread([2, 2, 3]), spread([3, 2], 1, 2)),
    check('one matrix and a batch, both transposed', (a, b) => tf.matMul(a, b, true, true), spread([3, 2]), spread([2, 2, 3], 1, 2)),
    check('a batch of one and a batch', (a, b) => tf.matMul(a, b, false, true), spread([1, 2, 3]), spread([2, 2, 3], 1, 2)),
  ],
  Conv2D: [
    check('', (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'valid'), spread([1, 3, 3, 2]), spread([2, 2, 2, 2], 0, 1)),
    check(
      'strides, same',
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, [2, 1], 'same'),
      spread([1, 3, 3, 1]),
      spread([2, 3, 1, 2]),
    ),
    check(
      'dilated',
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same', 'NHWC', [2, 1]),
      spread([1, 4, 3, 1]),
      spread([2, 2, 1, 2]),
    ),
    check(
      'dilated conv1d',
      (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, 'valid', 'NWC', 3),
      spread([2, 8, 2]),
      spread([3, 2, 1]),
    ),
    check(
      'size rounded up',
      (x, w) => tf.conv2d(x as tf.Tensor4D, w as tf.Tensor4D, 2, 0, 'NHWC', 1, 'ceil'),
      spread([1, 4, 3, 1]),
      spread([2, 2, 1, 1]),
    ),
    check('conv1d', (x, w) => tf.conv1d(x as tf.Tensor3D, w as tf.Tensor3D, 1, 'same'), spread([2, 4, 2]), spread([3, 2, 2])),
  ],
  Conv2DBackpropInput: [
    check(
      'by conv2dTranspose',
      (x, w) => tf.conv2dTranspose(x as tf.Tensor4D, w as tf.Tensor4D, [1, 4, 4, 1], 2, 'same'),
      spread([1, 2, 2, 2]),
      spread([2, 2, 1, 2], 0, 1),
    ),
  ],
  Conv3D: [
    check('', (x, w) => tf.conv3d(x as tf.Tensor5D, w as tf.Tensor5D, 1, 'valid'), spread([1, 2, 2, 3, 1]), spread([2, 1, 2, 1, 2], 0, 1)),
  ],
  DepthwiseConv2dNative: [
    check(
      '',
      (x, w) => tf.depthwiseConv2d(x as tf.Tensor4D, w as tf.Tensor4D, 1, 'same'),
      spread([1, 3, 2, 2]),
      spread([2, 2, 2, 2], 0, 1),
    ),
  ],
  Dilation2D: [
    check(
      '',
      (x, w) => tf.dilation2d(x as tf.Tensor4D, w as tf.Tensor3D, 1, 'valid'),
      spread([1, 3, 3, 1], -8, 8),
      spread([2, 2, 1], -1, 1, 0.5),
    ),
  ],
  FusedBatchNorm: [
    check(
      '',
      (x, ...of) => tf.batchNorm(x, ...(of as [tf.Tensor1D, tf.Tensor1D, tf.Tensor1D, tf.Tensor1D]), 0.01),
      spread([3, 2]),
      spread([2], -0.5, 0.5),
      spread([2], 0.6, 1.4),
      spread([2]),
      spread([2], 0.5, 2),
    ),
    check(
      'rank 4, constant moments',
      (x, scale) => tf.batchNorm(x, tf.tensor1d([0.1, 0.2]), tf.tensor1d([1, 2]), tf.zeros([2]), scale as tf.Tensor1D),
      spread([2, 2, 1, 2]),
      spread([2], 0.5, 2),
    ),
  ],
  LRN: [check('', (x) => tf.localResponseNormalization(x as tf.Tensor4D, 1, 1, 0.7, 0.6), spread([1, 2, 1, 4], 0.2, 2))],
  MaxPool: [
    check('', (x) => tf.maxPool(x as tf.Tensor4D, 2, 1, 'valid'), spread([1, 3, 3, 2], -8, 8)),
    check('strides, same', (x) => tf.maxPool(x as tf.Tensor4D, [2, 3], 2, 'same'), spread([1, 3, 4, 1], -8, 8)),
  ],
  MaxPool3D: [
    check('', (x) => tf.maxPool3d(x as tf.Tensor5D, 2, 1, 'valid'), spread([1, 2, 3, 2, 2], -8, 8)),
    check('strides, same', (x) => tf.maxPool3d(x as tf.Tensor5D, 2, [1, 2, 1], 'same'), spread([1, 2, 3, 2, 1], -8, 8)),
  ],
  ResizeBilinear: [
    check('larger', (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [3, 5]), spread([1, 2, 3, 1])),
    check('smaller', (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [2, 2]), spread([2, 3, 4, 1])),
    check('aligned corners', (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [3, 4], true), spread([1, 2, 2, 2])),
    check('half-pixel centres', (x) => tf.image.resizeBilinear(x as tf.Tensor4D, [4, 6], false, true), spread([1, 3, 4, 1])),
  ],
  ResizeNearestNeighbor: [
    check('', (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 3]), spread([1, 2, 3, 1])),
    check('aligned corners', (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [5, 7], true), spread([1, 2, 3, 2])),
    check('half-pixel centres', (x) => tf.image.resizeNearestNeighbor(x as tf.Tensor4D, [4, 6], false, true), spread([1, 3, 4, 1])),
  ],
};
