import { checkOptions } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { ProductKernelConfig } from '../kernel-contract.ts';
import { type ArrayTensor, arrayBackend, arrayTensor } from './array-backend.ts';

const OPTIONS: readonly (keyof ArrayProductOptions)[] = ['rows', 'depth', 'columns', 'transposeA', 'transposeB'];

/** The sizes of C `[rows, columns]` = A `[rows, depth]` · B `[depth, columns]`. */
export interface ArrayProductOptions {
  readonly rows: number;
  readonly depth: number;
  readonly columns: number;
  /** A lies as `[depth, rows]`. Default false. */
  readonly transposeA?: boolean;
  /** B lies as `[columns, depth]`. Default false. */
  readonly transposeB?: boolean;
}

/** A · B; what it gives holds until an engine's kernel runs again. */
export type ArrayProduct = (a: Float32Array, b: Float32Array) => Float32Array;

/**
 * A product of matrices on plain arrays, where the current engine's kernel runs without tensors; with the bits of `tf.matMul`.
 *
 * @param options `rows`, `depth` and `columns`; `transposeA` and `transposeB` (default false) for matrices that lie the other way round.
 * @throws CellstateError `UNKNOWN_OPTION`.
 * @returns undefined where the engine has no such kernel, or not for so small a product.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { arrayProduct } from '@cellstate/ops';
 *
 * arrayProduct({ rows: 32, depth: 64, columns: 2 }); // → undefined
 * ```
 */
export function arrayProduct(options: ArrayProductOptions): ArrayProduct | undefined {
  checkOptions(options, OPTIONS, 'arrayProduct');
  const { rows, depth, columns, transposeA = false, transposeB = false } = options;
  const config = tf.getKernel(tf.BatchMatMul, tf.getBackend()) as ProductKernelConfig | undefined;
  if (config?.onArrays?.(rows * depth * columns) !== true) return undefined;
  const a = arrayTensor(transposeA ? [depth, rows] : [rows, depth]);
  const b = arrayTensor(transposeB ? [columns, depth] : [depth, columns]);
  const call = { inputs: { a, b }, attrs: { transposeA, transposeB, borrowed: true }, backend: arrayBackend };
  const run = config.kernelFunc as unknown as (given: typeof call) => ArrayTensor;
  return (left, right) => {
    a.values = left;
    b.values = right;
    return run(call).values;
  };
}
