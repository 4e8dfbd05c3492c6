import { type LstmKernelInputs, SEQUENCE_KERNEL_OUTPUTS, type SequenceKernelAttributes } from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Reserves } from './reserves.ts';
import type { SequenceKind } from './sequence-kind.ts';
import {
  beginFields,
  createLayout,
  dropsOut,
  gateRowBytes,
  layOutSteps,
  multiplications,
  readFields,
  SEQUENCE_BYTES,
  type SequenceSizes,
  stepBytes,
  wholeQuads,
  writeFields,
} from './sequence-memory.ts';
import type { SimdEngine } from './simd-engine.ts';
import { sizeOf, tensorAt, valuesOf } from './tensor-values.ts';

/** What TensorFlow.js hands to a kernel of this backend. `cell` is there in an LSTM alone. */
export interface ForwardCall {
  readonly inputs: LstmKernelInputs;
  readonly attrs: SequenceKernelAttributes;
  readonly backend: MathBackendCPU;
}

/** Runs a sequence forward: inputs into the arena, one call, results out. */
export function sequenceForward(
  { engine, reserves }: { engine: SimdEngine; reserves: Reserves },
  kind: SequenceKind,
  { inputs, attrs, backend }: ForwardCall,
): TensorInfo[] {
  const { arena } = engine;
  reserves.sweep();
  const sizes = sizesOf(inputs);
  const { batch, time, features, units } = sizes;
  const kept = createLayout();
  const steps = layOutSteps(kept, kind, { sizes, flags: attrs });
  const room = createLayout();
  const sequence = room.add(SEQUENCE_BYTES);
  const places: Record<string, number> = {};
  for (const name in inputs) places[name] = room.add(sizeOf((inputs[name as keyof LstmKernelInputs] as TensorInfo).shape) * 4);
  const state = batch * units * 4;
  // Where a mask may repeat outputs, the last of them is made of those before.
  const outputs = attrs.lastOnly && !attrs.hasMask ? 0 : time;
  const own = {
    outputs: outputs === 0 ? undefined : room.add(batch * outputs * units * 4),
    last: room.add(state),
    lastHidden: room.add(state),
    lastCell: room.add(kind.states === 2 ? state : 0),
    weights: room.add(batch === 1 ? 0 : wholeQuads(units) * kind.parts * (features + 1 + units) * 4),
    gateRows: room.add(gateRowBytes(kind, sizes)),
    dropped: dropsOut(kind, attrs) ? room.add(kind.parts * stepBytes(kind, sizes).zStep) : undefined,
  };
  const address = arena.allocate(kept.size);
  const block = arena.allocate(room.size);
  for (const name in inputs) {
    const values = valuesOf(backend, inputs[name as keyof LstmKernelInputs] as TensorInfo);
    const to = block + (places[name] as number);
    if (name === 'mask') arena.bytes.set(values, to);
    else arena.floats.set(values, to >> 2);
  }
  const at = block + sequence;
  beginFields(arena, at);
  writeFields(arena, at, sizes);
  writeFields(arena, at, {
    kind: kind.number,
    parts: kind.parts,
    goBackwards: Number(attrs.goBackwards),
    zeroOutputForMask: Number(attrs.zeroOutputForMask),
  });
  writeFields(arena, at, steps.strides);
  writeFields(arena, at, steps.places, address);
  const fields = readFields(arena, at);
  writeFields(arena, at, places, block);
  writeFields(arena, at, own, block);
  engine.beginForward(at);
  engine.team.share({ run: 'runForward', at, items: stepBytes(kind, sizes).tiles, work: multiplications(kind, sizes) });
  const shapes = { outputs: [batch, outputs, units], last: [batch, units], hidden: [batch, units], cell: [batch, units] };
  const froms = { outputs: own.outputs, last: own.last, hidden: own.lastHidden, cell: own.lastCell };
  const made = SEQUENCE_KERNEL_OUTPUTS[kind.op].map((name) => {
    if (name !== 'reserve')
      return tensorAt(arena, backend, { address: block + (froms[name] ?? 0), shape: shapes[name], borrowed: attrs.borrowed });
    if (attrs.keepReserve) return reserves.keep(backend, { address, fields });
    return backend.makeTensorInfo([0], 'float32', new Float32Array(0));
  });
  arena.free(block);
  if (!attrs.keepReserve) arena.free(address);
  return made;
}

export function sizesOf({ x, recurrentKernel }: Pick<LstmKernelInputs, 'x' | 'recurrentKernel'>): SequenceSizes {
  const [batch, time, features] = x.shape as [number, number, number];
  return { batch, time, features, units: recurrentKernel.shape[0] as number };
}
