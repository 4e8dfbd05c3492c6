import type { TensorFunction } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { check, type GradientCase, type GradientCases, given, spread } from './gradient-case.ts';

const float = (tensor: tf.Tensor) => tf.cast(tensor, 'float32');
const bool = (tensor: tf.Tensor) => tf.cast(tensor, 'bool');
const int = (tensor: tf.Tensor) => tf.cast(tensor, 'int32');

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;

const reduction = (reduce: Reduction): GradientCase[] => [
  check('over all', (x) => reduce(x), spread([2, 3])),
  check('over the first axis', (x) => reduce(x, 0), spread([3, 2])),
  check('over two axes', (x) => reduce(x, [0, 2]), spread([2, 3, 2])),
  check('kept axes', (x) => reduce(x, [-1], true), spread([2, 3])),
];

const along = (name: string, f: (x: tf.Tensor, axis: number, exclusive: boolean, reverse: boolean) => tf.Tensor, input: () => tf.Tensor) =>
  [
    { axis: 0, exclusive: false, reverse: false },
    { axis: 1, exclusive: true, reverse: false },
    { axis: 2, exclusive: false, reverse: true },
    { axis: 1, exclusive: true, reverse: true },
  ].map(({ axis, exclusive, reverse }) =>
    check(
      `${name} axis ${axis}${exclusive ? ', exclusive' : ''}${reverse ? ', reverse' : ''}`,
      (x) => f(x, axis, exclusive, reverse),
      input,
    ),
  );

const boxes = given([0, 0, 1, 1, 0.1, 0.1, 1.1, 1.1, 0, 2, 1, 3], [3, 4]);

const searched = (f: TensorFunction): GradientCase[] => [check('', f, given([0, 1, 2, 3], [1, 4]), given([0.3, 2.4], [1, 2]))];

export const reductions: GradientCases = {
  All: [check('', (x) => float(tf.all(bool(x), 1)), spread([2, 3]))],
  Any: [check('', (x) => float(tf.any(bool(x), 1)), spread([2, 3]))],
  ArgMax: [check('', (x) => float(tf.argMax(x, 1)), spread([2, 4]))],
  ArgMin: [check('', (x) => float(tf.argMin(x, 0)), spread([2, 4]))],
  Cumprod: [
    ...along('', (x, ...options) => tf.cumprod(x, ...options), spread([2, 5, 2], -2, 2)),
    ...along(
      'one zero',
      (x, ...options) => tf.cumprod(x, ...options),
      given([1.2, -0.7, 0, 2.1, 0.6, -1.4, 0.8, 1.1, -0.9, 1.7, 0, 1.5], [2, 3, 2]),
    ),
    ...along('zeros', (x, ...options) => tf.cumprod(x, ...options), given([1.2, 0, 0, 2.1, 0, -1.4, 0.8, 0, -0.9, 1.7, 0, 1.5], [2, 3, 2])),
    check('one element', (x) => tf.cumprod(x), spread([1])),
  ],
  Cumsum: along('', (x, ...options) => tf.cumsum(x, ...options), spread([2, 3, 2])),
  Max: reduction((x, ...options) => tf.max(x, ...options)),
  Mean: reduction((x, ...options) => tf.mean(x, ...options)),
  Min: reduction((x, ...options) => tf.min(x, ...options)),
  Multinomial: [check('', (x) => float(tf.multinomial(x as tf.Tensor2D, 5, 3)), given([40, 0, 0, 0, 0, 40], [2, 3]))],
  NonMaxSuppressionV3: [
    check('', (b, scores) => float(tf.image.nonMaxSuppression(b as tf.Tensor2D, scores as tf.Tensor1D, 2)), boxes, given([0.9, 0.75, 0.6])),
  ],
  Prod: [
    ...reduction((x, ...options) => tf.prod(x, ...options)),
    check('one zero', (x) => tf.prod(x, 1), given([1.2, 0, -0.7, 2.1, 0.6, -1.4], [2, 3])),
    check('two zeros', (x) => tf.prod(x), given([1.2, 0, -0.7, 0])),
    check('middle axis', (x) => tf.prod(x, 1), spread([2, 3, 2])),
  ],
  SearchSorted: searched((a, b) => float(tf.searchSorted(a, b, 'right'))),
  Softmax: [check('', (x) => tf.softmax(x), spread([2, 3]))],
  Sum: reduction((x, ...options) => tf.sum(x, ...options)),
  TopK: [
    check('values', (x) => tf.topk(x, 2).values, spread([2, 5])),
    check('values of a vector, all of them', (x) => tf.topk(x, 4).values, spread([4])),
    check('none of them', (x) => tf.topk(x, 0).values, spread([2, 3])),
    check('of rank 3', (x) => tf.topk(x, 1).values, spread([2, 2, 3])),
    check(
      'values weighted by their indices',
      (x) => {
        const { values, indices } = tf.topk(x, 3);
        return tf.mul(values, tf.add(indices, 1));
      },
      spread([2, 4]),
    ),
  ],
  UnsortedSegmentSum: [check('', (x) => tf.unsortedSegmentSum(x, tf.tensor1d([1, 0, 1, 2], 'int32'), 3), spread([4, 2]))],
  OneHot: [check('', (x) => float(tf.oneHot(int(x), 4)), given([0.4, 2.5, 3.3]))],
};
