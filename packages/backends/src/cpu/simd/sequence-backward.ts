import { type LstmGradKernelInputs, SEQUENCE_GRADIENTS, type SequenceKernelAttributes } from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Reserves } from './reserves.ts';
import { sizesOf } from './sequence-forward.ts';
import type { SequenceKind } from './sequence-kind.ts';
import {
  createLayout,
  dropsOut,
  gateRowBytes,
  type Layout,
  multiplications,
  SEQUENCE_BYTES,
  type SequenceSizes,
  stepBytes,
  wholeQuads,
} from './sequence-memory.ts';
import { type PlannedFields, planFields, planKeeper, planSequence, setFields, writeFields } from './sequence-plan.ts';
import type { SimdEngine } from './simd-engine.ts';
import { sizeOf, tensorAt, valuesOf } from './tensor-values.ts';

type BackwardInputs = Omit<LstmGradKernelInputs, 'dCell'> & Partial<Pick<LstmGradKernelInputs, 'dCell'>>;

/** What TensorFlow.js hands to a gradient kernel of this backend. `dCell` is there in an LSTM alone. */
export interface BackwardCall {
  readonly inputs: BackwardInputs;
  readonly attrs: SequenceKernelAttributes;
  readonly backend: MathBackendCPU;
}

/** Rows of the batch, over some steps, whose weight gradients are taken together: a panel of their gates is 8 kB. */
const CHUNK_ROWS = 256;

/** Inputs that are copied; what else the pass needs is in the reserve. */
const COPIED = ['kernel', 'recurrentKernel', 'dOutputs', 'dLast', 'dHidden', 'dCell'] as const;

/** Where everything of a backward pass lies, and what comes out. */
interface BackwardPlan {
  /** Bytes of its block, which begins with the fields of every block of weights. */
  readonly room: number;
  readonly fields: readonly PlannedFields[];
  readonly inputs: readonly { readonly name: (typeof COPIED)[number]; readonly place: number }[];
  /** In the order of the kernel's results; null for the gradient of a bias that there is not. */
  readonly results: readonly ({ readonly place: number; readonly shape: number[] } | null)[];
  readonly tiles: number;
}

const planOf = planKeeper<BackwardPlan>();

/** Runs a sequence backward, from the reserve of its forward pass, which is given back. */
export function sequenceBackward(
  { engine, reserves }: { engine: SimdEngine; reserves: Reserves },
  kind: SequenceKind,
  { inputs, attrs, backend }: BackwardCall,
): TensorInfo[] {
  const { arena } = engine;
  const kept = reserves.take(inputs.reserve);
  const sizes = sizesOf(inputs);
  const work = multiplications(kind, sizes);
  const eights = Math.ceil(sizes.units / 8);
  const blocks = Math.min(engine.team.blocksOf(work), eights);
  const plan = planOf(attrs, { kind, sizes, blocks }, () => planBackward(kind, sizes, { inputs, attrs, blocks }));
  const room = arena.allocate(plan.room);
  for (const { name, place } of plan.inputs) arena.floats.set(valuesOf(backend, inputs[name] as TensorInfo), (room + place) >> 2);
  for (let i = 0; i < blocks; i++) writeFields(arena, plan.fields[i], { at: room + i * SEQUENCE_BYTES, kept, room });
  engine.beginBackward(room);
  engine.team.share({ run: 'runBackward', at: room, items: plan.tiles, work });
  engine.team.share({ run: 'runWeightGradients', at: room, stride: SEQUENCE_BYTES, items: eights, work });
  const gradients = plan.results.map((result) => {
    if (result === null) return backend.makeTensorInfo([0], 'float32', new Float32Array(0));
    return tensorAt(arena, backend, { address: room + result.place, shape: result.shape, borrowed: attrs.borrowed });
  });
  arena.free(room);
  arena.free(kept);
  return gradients;
}

function planBackward(
  kind: SequenceKind,
  sizes: SequenceSizes,
  { inputs, attrs, blocks }: Pick<BackwardCall, 'inputs' | 'attrs'> & { readonly blocks: number },
): BackwardPlan {
  const { batch, units } = sizes;
  const room = createLayout();
  room.add(blocks * SEQUENCE_BYTES);
  const places = COPIED.flatMap((name) => {
    const info = name === 'dOutputs' && attrs.lastOnly ? undefined : inputs[name];
    return info === undefined ? [] : [{ name, place: room.add(sizeOf(info.shape) * 4) }];
  });
  const result = (shape: number[]) => ({ shape, place: room.add(sizeOf(shape) * 4) });
  const results = {
    x: result(attrs.constantInput ? [0] : inputs.x.shape),
    kernel: result(inputs.kernel.shape),
    recurrentKernel: result(inputs.recurrentKernel.shape),
    bias: result(kind.biasRows === 2 ? [2, kind.gates * units] : [kind.gates * units]),
    hidden: result([batch, units]),
    cell: result(kind.states === 2 ? [batch, units] : [0]),
  };
  const own = layOutWork(room, kind, { sizes, drops: dropsOut(kind, attrs), blocks });
  const { fields } = planSequence(kind, sizes, attrs);
  setFields(fields, own.scalars);
  for (const { name, place } of places) setFields(fields, { [name]: place }, 'room');
  setFields(fields, own.places, 'room');
  setFields(
    fields,
    {
      dX: attrs.constantInput ? undefined : results.x.place,
      dKernel: results.kernel.place,
      dRecurrentKernel: results.recurrentKernel.place,
      dBias: results.bias.place,
      dInitialHidden: results.hidden.place,
      dInitialCell: results.cell.place,
    },
    'room',
  );
  return {
    room: room.size,
    fields: own.ofBlocks.map((ofBlock) => {
      const all = planFields(fields);
      setFields(all, ofBlock, 'room');
      return all;
    }),
    inputs: places,
    results: SEQUENCE_GRADIENTS[kind.op].map((name) => (name === 'bias' && !attrs.hasBias ? null : results[name])),
    tiles: own.tiles,
  };
}

/** What the pass works with and leaves behind; some of it is for one block of weights alone. */
function layOutWork(room: Layout, kind: SequenceKind, { sizes, drops, blocks }: { sizes: SequenceSizes; drops: boolean; blocks: number }) {
  const { time, features, units } = sizes;
  const { tiles, zStep, cellStep } = stepBytes(kind, sizes);
  const isRow = sizes.batch === 1;
  const rows = isRow ? 1 : tiles * 8;
  const chunk = Math.min(time, Math.max(1, Math.floor(CHUNK_ROWS / rows)));
  const depth = chunk * rows;
  const sumRows = wholeQuads(features + 1 + units);
  const scratchTile = wholeQuads(Math.max(features, units)) * 32 + 128;
  const places = {
    transposedKernel: room.add(isRow ? 0 : wholeQuads(features) * kind.parts * units * 4),
    transposedRecurrentKernel: room.add(isRow ? 0 : wholeQuads(units) * kind.parts * units * 4),
    gateRows: room.add(gateRowBytes(kind, sizes)),
    hiddenFlow: room.add(cellStep),
    cellFlow: room.add(kind.states === 2 ? cellStep : 0),
    outputFlow: room.add(cellStep),
    scratch: room.add(tiles * scratchTile),
    sums: room.add(Math.ceil(units / 8) * kind.parts * sumRows * 32),
  };
  const ofBlocks = Array.from({ length: blocks }, () => ({
    packedZ: room.add(depth * sumRows * 4),
    packedGates: room.add(depth * 32),
    dropped: drops ? room.add(kind.parts * zStep) : undefined,
  }));
  return { places, ofBlocks, tiles, scalars: { scratchTile, chunk } };
}
