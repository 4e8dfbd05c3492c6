import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import type { Arena } from './arena.ts';

/** A block that a forward pass keeps in the arena for its backward pass. */
interface Kept {
  readonly address: number;
  readonly backend: MathBackendCPU;
}

/**
 * Reserves stay in the arena, where both passes work; what TensorFlow.js keeps for the backward pass is a tensor of one
 * number that stands for it. A backward pass gives its block back. Where there is none (a loss that does not depend on the
 * layer, a pass that threw), TensorFlow.js disposes the tensor, which is seen at the next forward pass.
 */
export interface Reserves {
  /** The tensor that stands for the block at an address. */
  keep(backend: MathBackendCPU, address: number): TensorInfo;
  /** The address, which is the caller's from now on. */
  take(tensor: TensorInfo): number;
  /** Gives back the blocks of tensors that are gone. */
  sweep(): void;
}

export function createReserves(arena: Arena): Reserves {
  const kept = new Map<DataId, Kept>();
  return {
    keep(backend, address) {
      const tensor = backend.makeTensorInfo([1], 'float32', new Float32Array(1));
      kept.set(tensor.dataId, { address, backend });
      return tensor;
    },
    take({ dataId }) {
      const { address } = kept.get(dataId) as Kept;
      kept.delete(dataId);
      return address;
    },
    sweep() {
      for (const [dataId, { address, backend }] of kept) {
        if (backend.data.has(dataId)) continue;
        kept.delete(dataId);
        arena.free(address);
      }
    },
  };
}
