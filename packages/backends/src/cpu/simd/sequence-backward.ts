import { type LstmGradKernelInputs, SEQUENCE_GRADIENTS, type SequenceKernelAttributes } from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { TensorInfo } from '@tensorflow/tfjs-core';
import type { Reserves } from './reserves.ts';
import { sizesOf } from './sequence-forward.ts';
import type { SequenceKind } from './sequence-kind.ts';
import {
  beginFields,
  createLayout,
  dropsOut,
  gateRowBytes,
  type Layout,
  multiplications,
  SEQUENCE_BYTES,
  type SequenceSizes,
  stepBytes,
  wholeQuads,
  writeFields,
} from './sequence-memory.ts';
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

/** Runs a sequence backward, from the reserve of its forward pass, which is given back. */
export function sequenceBackward(
  { engine, reserves }: { engine: SimdEngine; reserves: Reserves },
  kind: SequenceKind,
  { inputs, attrs, backend }: BackwardCall,
): TensorInfo[] {
  const { arena } = engine;
  const reserve = reserves.take(inputs.reserve);
  const sizes = sizesOf(inputs);
  const { batch, units } = sizes;
  const work = multiplications(kind, sizes);
  const eights = Math.ceil(units / 8);
  const blocks = Math.min(engine.team.blocksOf(work), eights);
  const room = createLayout();
  const sequence = room.add(blocks * SEQUENCE_BYTES);
  const given: { [name in (typeof COPIED)[number]]?: number } = {};
  for (const name of COPIED) {
    const info = name === 'dOutputs' && attrs.lastOnly ? undefined : inputs[name];
    if (info !== undefined) given[name] = room.add(sizeOf(info.shape) * 4);
  }
  const shapes = {
    x: attrs.constantInput ? [0] : inputs.x.shape,
    kernel: inputs.kernel.shape,
    recurrentKernel: inputs.recurrentKernel.shape,
    bias: kind.biasRows === 2 ? [2, kind.gates * units] : [kind.gates * units],
    hidden: [batch, units],
    cell: [batch, units],
  };
  const results = {
    x: attrs.constantInput ? undefined : room.add(sizeOf(shapes.x) * 4),
    kernel: room.add(sizeOf(shapes.kernel) * 4),
    recurrentKernel: room.add(sizeOf(shapes.recurrentKernel) * 4),
    bias: room.add(sizeOf(shapes.bias) * 4),
    hidden: room.add(sizeOf(shapes.hidden) * 4),
    cell: room.add(kind.states === 2 ? sizeOf(shapes.cell) * 4 : 0),
  };
  const own = layOutWork(room, kind, { sizes, drops: dropsOut(kind, attrs), blocks });
  const block = arena.allocate(room.size);
  for (const name of COPIED) {
    const place = given[name];
    if (place !== undefined) arena.floats.set(valuesOf(backend, inputs[name] as TensorInfo), (block + place) >> 2);
  }
  const found = {
    dX: results.x,
    dKernel: results.kernel,
    dRecurrentKernel: results.recurrentKernel,
    dBias: results.bias,
    dInitialHidden: results.hidden,
    dInitialCell: results.cell,
  };
  const at = block + sequence;
  for (const [i, places] of own.ofBlocks.entries()) {
    const fields = at + i * SEQUENCE_BYTES;
    beginFields(arena, fields, reserve.fields);
    writeFields(arena, fields, own.scalars);
    writeFields(arena, fields, given, block);
    writeFields(arena, fields, own.places, block);
    writeFields(arena, fields, places, block);
    writeFields(arena, fields, found, block);
  }
  engine.beginBackward(at);
  engine.team.share({ run: 'runBackward', at, items: own.tiles, work });
  engine.team.share({ run: 'runWeightGradients', at, stride: SEQUENCE_BYTES, items: eights, work });
  const gradients = SEQUENCE_GRADIENTS[kind.op].map((name) => {
    if (name === 'bias' && !attrs.hasBias) return backend.makeTensorInfo([0], 'float32', new Float32Array(0));
    return tensorAt(arena, backend, { address: block + (results[name] ?? 0), shape: shapes[name], borrowed: attrs.borrowed });
  });
  arena.free(block);
  arena.free(reserve.address);
  return gradients;
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
