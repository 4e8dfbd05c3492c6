import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Attribute, NativeTensor, TensorflowBackend } from './tensorflow-binding.ts';

/** Operations of libtensorflow on handles. What is made on the way is deleted when the scope closes; the rest becomes tensors. */
export interface NativeScope {
  /** The handle of a tensor, which stays the caller's. */
  handle(tensor: TensorInfo): number;
  float(shape: readonly number[], values: Float32Array): number;
  /** A scalar or vector of int32. */
  int(values: number | readonly number[]): number;
  /** A scalar of int64, for which TensorFlow.js has no type. */
  long(value: number): number;
  /** int32 of any shape. */
  ints(shape: readonly number[], values: readonly number[]): number;
  run(
    operation: string,
    inputs: readonly number[],
    options: { readonly attributes?: readonly Attribute[]; readonly outputs: number },
  ): number[];
  /** The one output of an operation whose type attribute is T, and whose other type attributes are int32. */
  float1(operation: string, inputs: readonly number[], indexTypes?: readonly string[]): number;
  integer(name: string, value: number): Attribute;
  number(name: string, value: number): Attribute;
  flag(name: string, value: boolean): Attribute;
  /** T is float32. */
  readonly type: Attribute;
  indexType(name: string): Attribute;
  /** Makes tensors of handles, of which each may be given once. */
  tensors(handles: readonly number[]): TensorInfo[];
  /** Leaves handles to the caller when the scope closes. */
  release(handles: readonly number[]): void;
  /** Takes handles over, which are deleted when the scope closes. */
  adopt(handles: readonly number[]): void;
}

/** Runs `work` in a scope and deletes what it leaves behind, also when it throws. */
export function inNativeScope(backend: TensorflowBackend, work: (scope: NativeScope) => TensorInfo[]): TensorInfo[] {
  const { binding } = backend;
  const made = new Map<number, NativeTensor | null>();
  const create = (shape: readonly number[], dtype: number, values: Float32Array | Int32Array) => {
    const id = binding.createTensor(shape, dtype, values);
    made.set(id, null);
    return id;
  };
  const type = { name: 'T', type: binding.TF_ATTR_TYPE, value: binding.TF_FLOAT };
  const indexType = (name: string) => ({ name, type: binding.TF_ATTR_TYPE, value: binding.TF_INT32 });
  const scope: NativeScope = {
    handle: (tensor) => backend.getInputTensorIds([tensor])[0] as number,
    float: (shape, values) => create(shape, binding.TF_FLOAT, values),
    int: (values) => (typeof values === 'number' ? scope.ints([], [values]) : scope.ints([values.length], values)),
    ints: (shape, values) => create(shape, binding.TF_INT32, Int32Array.from(values)),
    // The low and the high half.
    long: (value) => create([], binding.TF_INT64, Int32Array.of(value, 0)),
    run(operation, inputs, { attributes = [], outputs }) {
      const results = binding.executeOp(operation, [type, ...attributes], inputs, outputs);
      for (const result of results) made.set(result.id, result);
      return results.map(({ id }) => id);
    },
    float1: (operation, inputs, indexTypes = []) =>
      scope.run(operation, inputs, { attributes: indexTypes.map(indexType), outputs: 1 })[0] as number,
    integer: (name, value) => ({ name, type: binding.TF_ATTR_INT, value }),
    number: (name, value) => ({ name, type: binding.TF_ATTR_FLOAT, value }),
    flag: (name, value) => ({ name, type: binding.TF_ATTR_BOOL, value }),
    type,
    indexType,
    tensors: (handles) =>
      handles.map((handle) => {
        const result = made.get(handle) as NativeTensor;
        made.delete(handle);
        return backend.createOutputTensor(result);
      }),
    release(handles) {
      for (const handle of handles) made.delete(handle);
    },
    adopt(handles) {
      for (const handle of handles) made.set(handle, null);
    },
  };
  try {
    return work(scope);
  } finally {
    for (const handle of made.keys()) binding.deleteTensor(handle);
  }
}
