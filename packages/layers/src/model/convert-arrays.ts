import { CellstateError, isNdArray, type NdArray, type Nested, type NumericArray, ndarray, size } from '@cellstate/core';
import type { Tensor, TypedArray } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { DataType, LayerDefinition, Port, SymbolicTensor } from '../contract.ts';
import { packOutputs } from '../graph/apply-layer.ts';
import { inOrder } from './call-model.ts';
import type { ArrayLike, ModelInputs, Predicted } from './model.ts';

/** An input as it came: a tensor of the caller's, or an array. */
export type Given = Tensor | NdArray;

/**
 * One array or tensor for each input of a model. For one input, an array of numbers is its value; for several, a list gives one
 * value each.
 *
 * @throws CellstateError `INPUT_MISMATCH`; those of `ndarray`.
 */
export function readInputs(x: ModelInputs, ports: readonly Port[], where: string): readonly Given[] {
  const single = ports.length === 1 && isArrayLike(x);
  const values = single ? [x as ArrayLike] : inOrder(x as ArrayLike[], ports, where);
  return values.map((value) => read(value, where));
}

/** Rows `start` to `end` of an input as a new tensor of the port's type. */
export function rowsTensor(given: Given, range: readonly [number, number], dtype: DataType): Tensor {
  const [start, end] = range;
  if (given instanceof tf.Tensor) return tf.cast(tf.slice(given, start, end - start), dtype);
  const row = size(given.shape.slice(1));
  const data = given.data.subarray(start * row, end * row);
  return toTensor(data, [end - start, ...given.shape.slice(1)], dtype);
}

/** A new tensor of these values and type. */
export function toTensor(data: NumericArray, shape: readonly number[], dtype: DataType): Tensor {
  return tf.tensor(ofType(data, dtype), [...shape], dtype);
}

/** A tensor's values as an array. */
export function fromValues(values: TypedArray, shape: readonly number[]): NdArray {
  return ndarray(values as NumericArray, shape);
}

/** Arrays in the form that a model's outputs have. */
export function packArrays<Output>(definition: LayerDefinition, arrays: readonly NdArray[]): Predicted<Output> {
  return packOutputs(definition, arrays) as Predicted<Output>;
}

/** Whether a value is one array of numbers, not a list or record of several. */
function isArrayLike(x: ModelInputs | SymbolicTensor): x is ArrayLike {
  if (typeof x === 'number' || typeof x === 'boolean' || isArray(x)) return true;
  return Array.isArray(x) && !x.some((item) => isArray(item));
}

function isArray(x: unknown): boolean {
  return isNdArray(x) || x instanceof tf.Tensor || ArrayBuffer.isView(x);
}

function read(value: ArrayLike, where: string): Given {
  if (value instanceof tf.Tensor || isNdArray(value)) return value;
  if (typeof value === 'number' || typeof value === 'boolean' || Array.isArray(value) || ArrayBuffer.isView(value)) {
    return ndarray(value as Nested | NumericArray);
  }
  throw new CellstateError('INPUT_MISMATCH', 'An input is no array.', {
    expected: 'nested arrays, an NdArray or a tensor',
    received: value === null ? 'null' : typeof value,
    where,
  });
}

function ofType(data: NumericArray, dtype: DataType): NumericArray {
  if (dtype === 'float32') return data instanceof Float32Array ? data : Float32Array.from(data);
  if (dtype === 'int32') return data instanceof Int32Array ? data : Int32Array.from(data);
  return data instanceof Uint8Array ? data : Uint8Array.from(data, (value) => (value === 0 ? 0 : 1));
}
