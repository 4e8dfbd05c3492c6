import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import type { TensorflowBackend } from './tensorflow-binding.ts';

interface Kept {
  readonly backend: TensorflowBackend;
  readonly handles: readonly number[];
}

const kept = new Map<DataId, Kept>();

/**
 * What a forward pass keeps for its backward pass stays behind its handles; a small tensor stands for it with TensorFlow.js. To join all
 * of it in one tensor and cut that up again would be two copies, a tenth of a training step.
 */
export function keepReserve(backend: TensorflowBackend, { dataId }: TensorInfo, handles: readonly number[]): void {
  kept.set(dataId, { backend, handles });
}

/** The handles behind a tensor, the caller's from then on. */
export function takeReserve({ dataId }: TensorInfo): readonly number[] {
  const { handles } = kept.get(dataId) as Kept;
  kept.delete(dataId);
  return handles;
}

/** Deletes the handles of tensors that are gone: of passes whose gradient nobody asked for. */
export function sweepReserves(): void {
  for (const [dataId, { backend, handles }] of kept) {
    if (backend.tensorMap.has(dataId)) continue;
    kept.delete(dataId);
    for (const handle of handles) backend.binding.deleteTensor(handle);
  }
}
