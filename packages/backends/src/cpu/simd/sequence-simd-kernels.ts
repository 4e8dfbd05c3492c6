import {
  type GruKernelAttributes,
  SEQUENCE_KERNELS,
  type SequenceKernelAttributes,
  type SequenceKernelConfig,
  type SequenceOp,
} from '@cellstate/ops';
import type { KernelFunc } from '@tensorflow/tfjs-core';
import { createReserves, type Reserves } from './reserves.ts';
import { type BackwardCall, sequenceBackward } from './sequence-backward.ts';
import { type ForwardCall, sequenceForward } from './sequence-forward.ts';
import { GRU_AFTER, GRU_BEFORE, LSTM, type SequenceKind, SIMPLE_RNN } from './sequence-kind.ts';
import { type SimdEngine, simdEngine } from './simd-engine.ts';

/** The sequence kernels of the `cpu` backend and their gradients', in WebAssembly; `sequence-kernels.ts` has their plain twins. */
export const sequenceSimdKernels: readonly SequenceKernelConfig[] = [...kernelsOf('lstm'), ...kernelsOf('gru'), ...kernelsOf('simpleRnn')];

function kernelsOf(op: SequenceOp): SequenceKernelConfig[] {
  const forward = (call: ForwardCall) => sequenceForward(workplace(), kindOf(op, call.attrs), call);
  const backward = (call: BackwardCall) => sequenceBackward(workplace(), kindOf(op, call.attrs), call);
  return [
    { kernelName: SEQUENCE_KERNELS[op], backendName: 'cpu', kernelFunc: forward as unknown as KernelFunc, onArrays: true },
    { kernelName: `${SEQUENCE_KERNELS[op]}Grad`, backendName: 'cpu', kernelFunc: backward as unknown as KernelFunc, onArrays: true },
  ];
}

function kindOf(op: SequenceOp, attrs: SequenceKernelAttributes): SequenceKind {
  if (op === 'lstm') return LSTM;
  if (op === 'simpleRnn') return SIMPLE_RNN;
  return (attrs as GruKernelAttributes).resetAfter ? GRU_AFTER : GRU_BEFORE;
}

let place: { readonly engine: SimdEngine; readonly reserves: Reserves } | undefined;

/** The engine in use and what it keeps between passes. */
function workplace(): { readonly engine: SimdEngine; readonly reserves: Reserves } {
  const engine = simdEngine();
  if (place?.engine !== engine) place = { engine, reserves: createReserves(engine.arena) };
  return place;
}
