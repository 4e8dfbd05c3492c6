import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Arena } from './arena.ts';

/** The live array behind a tensor of the `cpu` backend; reading it copies nothing. */
export function valuesOf(backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array | Uint8Array {
  return backend.data.get(dataId).values as Float32Array | Uint8Array;
}

export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const length of shape) size *= length;
  return size;
}

/** A new tensor with what the arena holds at an address. */
export function tensorAt(arena: Arena, backend: MathBackendCPU, { address, shape }: { address: number; shape: number[] }): TensorInfo {
  const start = address >> 2;
  return backend.makeTensorInfo(shape, 'float32', arena.floats.slice(start, start + sizeOf(shape)));
}
