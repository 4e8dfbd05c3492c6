import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { DataId, TensorInfo } from '@tensorflow/tfjs-core';
import type { Arena } from './arena.ts';

/** What a forward pass keeps in the arena for its backward pass. */
export interface Reserve {
  readonly address: number;
  /** The sequence's fields, with those set that describe it. */
  readonly fields: Int32Array;
}

interface Kept {
  readonly reserve: Reserve;
  readonly backend: MathBackendCPU;
}

/**
 * Reserves stay in the arena, where both passes work; what TensorFlow.js keeps for the backward pass is a tensor of one
 * number that stands for it. A backward pass gives its block back. Where there is none (a loss that does not depend on the
 * layer, a pass that threw), TensorFlow.js disposes the tensor, which is seen at the next forward pass.
 */
export interface Reserves {
  keep(backend: MathBackendCPU, reserve: Reserve): TensorInfo;
  take(tensor: TensorInfo): Reserve;
  /** Gives back the blocks of tensors that are gone. */
  sweep(): void;
}

export function createReserves(arena: Arena): Reserves {
  const kept = new Map<DataId, Kept>();
  return {
    keep(backend, reserve) {
      const tensor = backend.makeTensorInfo([1], 'float32', new Float32Array(1));
      kept.set(tensor.dataId, { reserve, backend });
      return tensor;
    },
    take({ dataId }) {
      const { reserve } = kept.get(dataId) as Kept;
      kept.delete(dataId);
      return reserve;
    },
    sweep() {
      for (const [dataId, { reserve, backend }] of kept) {
        if (backend.data.has(dataId)) continue;
        kept.delete(dataId);
        arena.free(reserve.address);
      }
    },
  };
}
