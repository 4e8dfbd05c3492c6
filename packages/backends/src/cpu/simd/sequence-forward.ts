import { type LstmKernelInputs, SEQUENCE_KERNEL_OUTPUTS, type SequenceKernelAttributes } from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Reserves } from './reserves.ts';
import type { SequenceKind } from './sequence-kind.ts';
import {
  createLayout,
  dropsOut,
  gateRowBytes,
  multiplications,
  SEQUENCE_BYTES,
  type SequenceSizes,
  stepBytes,
  wholeQuads,
} from './sequence-memory.ts';
import { type PlannedFields, planKeeper, planSequence, setFields, writeFields } from './sequence-plan.ts';
import type { SimdEngine } from './simd-engine.ts';
import { sizeOf, tensorAt, valuesOf } from './tensor-values.ts';

/** What TensorFlow.js hands to a kernel of this backend. `cell` is there in an LSTM alone. */
export interface ForwardCall {
  readonly inputs: LstmKernelInputs;
  readonly attrs: SequenceKernelAttributes;
  readonly backend: MathBackendCPU;
}

/** Where everything of a forward pass lies, and what comes out. */
interface ForwardPlan {
  /** Bytes of the block for the backward pass, and of the one of this pass, which begins with the fields. */
  readonly kept: number;
  readonly room: number;
  readonly fields: PlannedFields;
  readonly inputs: readonly { readonly name: keyof LstmKernelInputs; readonly place: number }[];
  /** In the order of the kernel's results; null for the reserve. */
  readonly results: readonly ({ readonly place: number; readonly shape: number[] } | null)[];
  readonly tiles: number;
}

const planOf = planKeeper<ForwardPlan>();

/** Runs a sequence forward: inputs into the arena, one call, results out. */
export function sequenceForward(
  { engine, reserves }: { engine: SimdEngine; reserves: Reserves },
  kind: SequenceKind,
  { inputs, attrs, backend }: ForwardCall,
): TensorInfo[] {
  const { arena } = engine;
  reserves.sweep();
  const sizes = sizesOf(inputs);
  const plan = planOf(attrs, { kind, sizes, blocks: 1 }, () => planForward(kind, sizes, { inputs, attrs }));
  const kept = arena.allocate(plan.kept);
  const room = arena.allocate(plan.room);
  for (const { name, place } of plan.inputs) {
    const values = valuesOf(backend, inputs[name] as TensorInfo);
    if (name === 'mask') arena.bytes.set(values, room + place);
    else arena.floats.set(values, (room + place) >> 2);
  }
  writeFields(arena, plan.fields, { at: room, kept, room });
  engine.beginForward(room);
  engine.team.share({ run: 'runForward', at: room, items: plan.tiles, work: multiplications(kind, sizes) });
  const made = plan.results.map((result) => {
    if (result !== null) return tensorAt(arena, backend, { address: room + result.place, shape: result.shape, borrowed: attrs.borrowed });
    if (attrs.keepReserve) return reserves.keep(backend, kept);
    return backend.makeTensorInfo([0], 'float32', new Float32Array(0));
  });
  arena.free(room);
  if (!attrs.keepReserve) arena.free(kept);
  return made;
}

function planForward(kind: SequenceKind, sizes: SequenceSizes, { inputs, attrs }: Pick<ForwardCall, 'inputs' | 'attrs'>): ForwardPlan {
  const { batch, time, features, units } = sizes;
  const { fields, kept } = planSequence(kind, sizes, attrs);
  const room = createLayout();
  room.add(SEQUENCE_BYTES);
  const names = Object.keys(inputs) as (keyof LstmKernelInputs)[];
  const places = names.map((name) => ({ name, place: room.add(sizeOf((inputs[name] as TensorInfo).shape) * 4) }));
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
  for (const { name, place } of places) setFields(fields, { [name]: place }, 'room');
  setFields(fields, own, 'room');
  const results = {
    outputs: { place: own.outputs ?? 0, shape: [batch, outputs, units] },
    last: { place: own.last, shape: [batch, units] },
    hidden: { place: own.lastHidden, shape: [batch, units] },
    cell: { place: own.lastCell, shape: [batch, units] },
    reserve: null,
  };
  return {
    kept,
    room: room.size,
    fields,
    inputs: places,
    results: SEQUENCE_KERNEL_OUTPUTS[kind.op].map((name) => results[name]),
    tiles: stepBytes(kind, sizes).tiles,
  };
}

export function sizesOf({ x, recurrentKernel }: Pick<LstmKernelInputs, 'x' | 'recurrentKernel'>): SequenceSizes {
  const [batch, time, features] = x.shape as [number, number, number];
  return { batch, time, features, units: recurrentKernel.shape[0] as number };
}
