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

/** What the arena holds at an address, as a tensor: a copy, or a view that is `borrowed`. */
export function tensorAt(
  arena: Arena,
  backend: MathBackendCPU,
  { address, shape, borrowed = false }: { address: number; shape: number[]; borrowed?: boolean | undefined },
): TensorInfo {
  const start = address >> 2;
  const end = start + sizeOf(shape);
  return backend.makeTensorInfo(shape, 'float32', borrowed ? arena.floats.subarray(start, end) : arena.floats.slice(start, end));
}
