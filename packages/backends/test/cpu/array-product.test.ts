import { random, splitSeed } from '@cellstate/core';
import { arrayProduct } from '@cellstate/ops';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, expect, test } from 'vitest';
import { registerCpuKernels, unregisterCpuKernels } from '../../src/cpu/index.ts';

afterAll(unregisterCpuKernels);

function numbers(length: number, key: string): Float32Array {
  const { normal } = random(splitSeed(6, key));
  return Float32Array.from({ length }, () => normal());
}

test.each([
  { rows: 192, depth: 32, columns: 2 },
  { rows: 32, depth: 192, columns: 2 },
  { rows: 1, depth: 40, columns: 41 },
  { rows: 37, depth: 300, columns: 1 },
  { rows: 201, depth: 257, columns: 9 },
])('$rows × $depth by $depth × $columns has the bits of tf.matMul', ({ rows, depth, columns }) => {
  registerCpuKernels({ simd: true });
  const [a, b] = [numbers(rows * depth, 'a'), numbers(depth * columns, 'b')];
  expectNoLeak(() => {
    for (const transposeA of [false, true]) {
      for (const transposeB of [false, true]) {
        const product = arrayProduct({ rows, depth, columns, transposeA, transposeB });
        if (product === undefined) throw new Error('The engine has no such product.');
        // Another one goes before, whose arrays do not stay.
        product(b, a);
        const found = product(a, b).slice();
        tf.tidy(() => {
          const left = tf.tensor2d(a, transposeA ? [depth, rows] : [rows, depth]);
          const right = tf.tensor2d(b, transposeB ? [columns, depth] : [depth, columns]);
          expect(found).toEqual(tf.matMul(left, right, transposeA, transposeB).dataSync());
        });
      }
    }
  });
});

test('there is none for a small product, nor without SIMD', () => {
  registerCpuKernels({ simd: true });
  expect(arrayProduct({ rows: 4, depth: 4, columns: 4 })).toBeUndefined();
  expect(() => arrayProduct({ rows: 4, depth: 4, columns: 4, transpose: true } as never)).toThrow('transpose');
  registerCpuKernels({ simd: false });
  expect(arrayProduct({ rows: 192, depth: 32, columns: 2 })).toBeUndefined();
});
