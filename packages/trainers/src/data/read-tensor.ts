import { type NdArray, ndarray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';

// On a GPU a synchronous read stalls the pipeline, and WebGPU cannot do it at all.
const ASYNCHRONOUS: readonly string[] = ['webgl', 'webgpu'];

/** Whether the current backend gives values at once. */
function readsAtOnce(): boolean {
  return !ASYNCHRONOUS.includes(tf.getBackend());
}

/** The values of tensors: at once where the backend can, which spares a turn of the event loop for each. */
export function readValues(tensors: readonly tf.Tensor[]): Values[] | Promise<Values[]> {
  if (readsAtOnce()) return tensors.map((tensor) => tensor.dataSync());
  return Promise.all(tensors.map((tensor) => tensor.data()));
}

export type Values = Float32Array | Int32Array | Uint8Array;

/** A tensor as an NdArray; bool becomes bytes. */
export async function readTensor(tensor: tf.Tensor): Promise<NdArray> {
  return ndarray(readsAtOnce() ? tensor.dataSync() : await tensor.data(), tensor.shape);
}

/** A tensor as an NdArray with values of its own, on backends that read at once. */
export function copyTensor(tensor: tf.Tensor): NdArray {
  return ndarray(tensor.dataSync().slice(), tensor.shape);
}
