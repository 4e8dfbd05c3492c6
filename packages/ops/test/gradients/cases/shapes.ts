import * as tf from '@tensorflow/tfjs-core';
import { check, type GradientCases, given, spread } from './gradient-case.ts';

const weigh = (tensors: tf.Tensor[]) => tensors.map((tensor, i) => tf.mul(tensor, tf.scalar(i + 1)));

export const shapes: GradientCases = {
  BatchToSpaceND: [
    check(
      '',
      (x) =>
        tf.batchToSpaceND(
          x,
          [2, 1],
          [
            [0, 1],
            [0, 0],
          ],
        ),
      spread([4, 2, 1, 2]),
    ),
  ],
  Concat: [
    check('rows', (a, b) => tf.concat([a, b], 0), spread([2, 3]), spread([1, 3], 1, 2)),
    check('columns', (a, b, c) => tf.concat([a, b, c], -1), spread([2, 1]), spread([2, 2], 1, 2), spread([2, 1], 2, 3)),
  ],
  Einsum: [
    check('product of matrices', (a, b) => tf.einsum('ij,jk->ik', a, b), spread([2, 3]), spread([3, 2], 1, 2)),
    check('in a batch, transposed', (a, b) => tf.einsum('bij,bkj->bki', a, b), spread([2, 2, 3]), spread([2, 2, 3], 1, 2)),
    check('outer product', (a, b) => tf.einsum('i,j->ji', a, b), spread([2]), spread([3], 1, 2)),
    check('element by element', (a, b) => tf.einsum('i,i->i', a, b), spread([3]), spread([3], 1, 2)),
    check('to a scalar', (a, b) => tf.einsum('ij,ij->', a, b), spread([2, 3]), spread([2, 3], 1, 2)),
    check('a label that one operand alone has', (a, b) => tf.einsum('ik,ij->j', a, b), spread([2, 3]), spread([2, 2], 1, 2)),
    check('a scalar operand', (a, b) => tf.einsum(',ij->ji', a, b), spread([]), spread([2, 3], 1, 2)),
    check('one operand, transposed', (a) => tf.einsum('ij -> ji', a), spread([2, 3])),
    check('one operand, summed', (a) => tf.einsum('ijk->k', a), spread([2, 2, 3])),
  ],
  ExpandDims: [check('', (x) => tf.expandDims(x, 1), spread([2, 3]))],
  GatherNd: [
    check(
      'elements, one twice',
      (x) =>
        tf.gatherND(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [1, 2],
              [0, 1],
            ],
            [3, 2],
            'int32',
          ),
        ),
      spread([2, 3]),
    ),
    check('rows', (x) => tf.gatherND(x, tf.tensor2d([[1], [0], [1]], [3, 1], 'int32')), spread([2, 3])),
    check('a batch of indices', (x) => tf.gatherND(x, tf.tensor3d([[[1, 0]], [[0, 1]]], [2, 1, 2], 'int32')), spread([2, 2, 2])),
    check(
      'indices from the input',
      (x) => tf.gatherND(x, tf.reshape(tf.cast(tf.slice(x, [0], [2]), 'int32'), [2, 1])),
      given([1.4, 2.6, 0.3]),
    ),
  ],
  GatherV2: [
    check('rows, one twice', (x) => tf.gather(x, tf.tensor1d([1, 0, 1], 'int32')), spread([2, 3])),
    check('columns', (x) => tf.gather(x, tf.tensor1d([2, 0], 'int32'), 1), spread([2, 3])),
    check(
      'by a matrix',
      (x) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [1, 1],
            ],
            [2, 2],
            'int32',
          ),
        ),
      spread([2, 3]),
    ),
    check(
      'the middle axis by a matrix',
      (x) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [2, 1],
            ],
            [2, 2],
            'int32',
          ),
          1,
        ),
      spread([2, 3, 2]),
    ),
    check(
      'in a batch',
      (x) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [2, 2],
            ],
            [2, 2],
            'int32',
          ),
          1,
          1,
        ),
      spread([2, 3, 2]),
    ),
    check(
      'in a batch, the last axis',
      (x) =>
        tf.gather(
          x,
          tf.tensor2d(
            [
              [0, 1],
              [1, 1],
            ],
            [2, 2],
            'int32',
          ),
          2,
          1,
        ),
      spread([2, 2, 3]),
    ),
  ],
  MirrorPad: [
    check(
      'reflect',
      (x) =>
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [0, 1],
          ],
          'reflect',
        ),
      spread([3, 2]),
    ),
    check(
      'symmetric',
      (x) =>
        tf.mirrorPad(
          x,
          [
            [1, 2],
            [2, 0],
          ],
          'symmetric',
        ),
      spread([3, 2]),
    ),
    check('of a vector, all of it', (x) => tf.mirrorPad(x, [[3, 3]], 'symmetric'), spread([3])),
    check(
      'of rank 3, on one side',
      (x) =>
        tf.mirrorPad(
          x,
          [
            [0, 0],
            [1, 0],
            [0, 1],
          ],
          'reflect',
        ),
      spread([2, 2, 2]),
    ),
  ],
  Pack: [check('', (a, b) => tf.stack([a, b], 1), spread([2, 3]), spread([2, 3], 1, 2))],
  PadV2: [
    check(
      '',
      (x) =>
        tf.pad(x, [
          [1, 0],
          [2, 1],
        ]),
      spread([2, 3]),
    ),
  ],
  Reshape: [check('', (x) => tf.reshape(x, [3, 2]), spread([2, 3]))],
  Reverse: [check('', (x) => tf.reverse(x, [0, 2]), spread([2, 1, 3]))],
  Slice: [check('', (x) => tf.slice(x, [0, 1], [2, 1]), spread([3, 3]))],
  SpaceToBatchND: [
    check(
      '',
      (x) =>
        tf.spaceToBatchND(
          x,
          [2, 1],
          [
            [1, 0],
            [0, 0],
          ],
        ),
      spread([1, 3, 2, 1]),
    ),
  ],
  SplitV: [
    check('equal parts', (x) => weigh(tf.split(x, 2, 1)), spread([2, 4])),
    check('unequal parts', (x) => weigh(tf.split(x, [1, 2], 0)), spread([3, 2])),
    check('a single part', (x) => weigh(tf.split(x, 1)), spread([4])),
    check('one part used', (x) => tf.split(x, 2)[1] as tf.Tensor, spread([4])),
  ],
  StridedSlice: [
    check('every second', (x) => tf.stridedSlice(x, [0, 1], [3, 5], [2, 2]), spread([3, 5])),
    check('backwards', (x) => tf.stridedSlice(x, [4], [0], [-2]), spread([6])),
    check('backwards to the very start', (x) => tf.stridedSlice(x, [0], [0], [-1], 1, 1), spread([4])),
    check('negative bounds', (x) => tf.stridedSlice(x, [-3], [-1], [1]), spread([5])),
    check('masks of begin and end', (x) => tf.stridedSlice(x, [1, 1], [2, 2], [1, 2], 1, 2), spread([3, 4])),
    check('ellipsis', (x) => tf.stridedSlice(x, [0, 1], [0, 2], [1, 1], 0, 0, 1), spread([2, 2, 3])),
    check('a new axis', (x) => tf.stridedSlice(x, [0, 1], [1, 3], [1, 1], 0, 0, 0, 1), spread([4])),
    check('an axis shrunk away', (x) => tf.stridedSlice(x, [1, 1], [2, 3], [1, 1], 0, 0, 0, 0, 1), spread([2, 3])),
    check('an axis shrunk from its end', (x) => tf.stridedSlice(x, [-1], [0], [1], 0, 0, 0, 0, 1), spread([3, 2])),
    check('fewer bounds than axes', (x) => tf.stridedSlice(x, [1], [3], [1]), spread([3, 2])),
    check('nothing', (x) => tf.concat([x, tf.stridedSlice(x, [2], [2], [1])], 0), spread([3])),
  ],
  Tile: [
    check('of a vector', (x) => tf.tile(x, [3]), spread([2])),
    check('of a matrix', (x) => tf.tile(x, [2, 3]), spread([2, 2])),
    check('of rank 3', (x) => tf.tile(x, [1, 2, 2]), spread([2, 1, 2])),
    check('of rank 4, by broadcastTo', (x) => tf.broadcastTo(x, [2, 2, 2, 3]), spread([2, 1, 2, 1])),
  ],
  Transpose: [check('', (x) => tf.transpose(x), spread([2, 3])), check('permuted', (x) => tf.transpose(x, [2, 0, 1]), spread([2, 1, 3]))],
  Unpack: [
    check('', (x) => weigh(tf.unstack(x, 1)), spread([2, 3])),
    check('a single part', (x) => weigh(tf.unstack(x, 1)), spread([2, 1])),
  ],
};
