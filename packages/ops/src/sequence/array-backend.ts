import type { TensorInfo } from '@tensorflow/tfjs-core';

/** A tensor as a kernel sees it that is nothing but its values: its id is itself. */
export interface ArrayTensor<Values extends Float32Array | Uint8Array = Float32Array> extends TensorInfo {
  values: Values;
  /** False once nobody will ask for it again. */
  live: boolean;
}

/** Plain values as a kernel's input. */
export function arrayTensor(shape: number[], values: Float32Array = new Float32Array(0)): ArrayTensor {
  return withOwnId({ values, live: true, shape, dtype: 'float32', dataId: {} });
}

/** A mask as a kernel's input. */
export function arrayMask(shape: number[]): ArrayTensor<Uint8Array> {
  return withOwnId({ values: new Uint8Array(0), live: true, shape, dtype: 'bool', dataId: {} });
}

function withOwnId<Values extends Float32Array | Uint8Array>(tensor: ArrayTensor<Values>): ArrayTensor<Values> {
  tensor.dataId = tensor;
  return tensor;
}

/**
 * Stands in the place of TensorFlow.js' backend under kernels that use no more of it than `data.get`, `data.has` and
 * `makeTensorInfo`: what they read and make are plain arrays, which no engine tracks.
 */
export const arrayBackend: object = {
  data: { get: (id: ArrayTensor) => id, has: (id: ArrayTensor) => id.live },
  makeTensorInfo: (shape: number[], _: 'float32', values: Float32Array) => arrayTensor(shape, values),
};
