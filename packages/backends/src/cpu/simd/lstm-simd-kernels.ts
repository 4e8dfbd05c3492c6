import {
  LSTM_GRADIENTS,
  type LstmGradKernelInputs,
  type LstmKernelAttributes,
  type LstmKernelInputs,
  SEQUENCE_KERNELS,
} from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import type { KernelConfig, KernelFunc, TensorInfo } from '@tensorflow/tfjs-core';
import type { Arena } from './arena.ts';
import { createReserves, type Reserves } from './reserves.ts';
import {
  createLayout,
  type Layout,
  SEQUENCE_BYTES,
  type SequenceSizes,
  type SequenceValues,
  sequenceStrides,
  wholeQuads,
  writeSequence,
} from './sequence-memory.ts';
import { type SimdEngine, simdEngine } from './simd-engine.ts';

/** What TensorFlow.js hands to a kernel of this backend. */
interface Call<Inputs> {
  readonly inputs: Inputs;
  readonly attrs: LstmKernelAttributes;
  readonly backend: MathBackendCPU;
}

const PARTS = 4;
/** Rows of the batch, over some steps, whose weight gradients are taken together: a panel of them is 8 kB. */
const CHUNK_ROWS = 256;

/** `LSTMSequence` and `LSTMSequenceGrad` for the `cpu` backend, in WebAssembly. Equal to `lstm-kernels.ts` to rounding. */
export const lstmSimdKernels: readonly KernelConfig[] = [
  { kernelName: SEQUENCE_KERNELS.lstm, backendName: 'cpu', kernelFunc: forward as unknown as KernelFunc },
  { kernelName: `${SEQUENCE_KERNELS.lstm}Grad`, backendName: 'cpu', kernelFunc: backward as unknown as KernelFunc },
];

let reserves: Reserves | undefined;

function reservesOf({ arena }: SimdEngine): Reserves {
  reserves ??= createReserves(arena);
  return reserves;
}

function forward({ inputs, attrs, backend }: Call<LstmKernelInputs>): TensorInfo[] {
  const engine = simdEngine();
  const { arena } = engine;
  reservesOf(engine).sweep();
  const sizes = sizesOf(inputs);
  const { batch, time, features, units } = sizes;
  const kept = createLayout();
  const states = layOutStates(kept, sizes, attrs);
  const room = createLayout();
  const sequence = room.add(SEQUENCE_BYTES);
  const places = layOutInputs(room, inputs);
  const outputs = room.add(batch * time * units * 4);
  const last = room.add(batch * units * 4);
  const lastHidden = room.add(batch * units * 4);
  const lastCell = room.add(batch * units * 4);
  const weights = room.add(wholeQuads(units) * PARTS * (features + 1 + units) * 4);
  const dropped = dropsOut(attrs) ? room.add(PARTS * states.strides.zStep) : undefined;
  const reserve = arena.allocate(kept.size);
  const block = arena.allocate(room.size);
  const reserved = at(reserve, states.places);
  copyInputs(arena, backend, { inputs, places: at(block, places) });
  const scalars = { ...sizes, ...attributesOf(attrs), ...states.scalars };
  const own = at(block, { ...places, outputs, last, lastHidden, lastCell, weights, ...(dropped === undefined ? {} : { dropped }) });
  writeSequence(arena, block + sequence, { ...scalars, ...reserved, ...own });
  engine.runLstmForward(block + sequence);
  const read = (place: number, shape: number[]) =>
    backend.makeTensorInfo(shape, 'float32', floatsAt(arena, block + place, shape));
  const results = [
    read(outputs, [batch, time, units]),
    read(last, [batch, units]),
    read(lastHidden, [batch, units]),
    read(lastCell, [batch, units]),
  ];
  arena.free(block);
  if (attrs.keepReserve) return [...results, reservesOf(engine).keep(backend, { address: reserve, values: { ...scalars, ...reserved } })];
  arena.free(reserve);
  return [...results, backend.makeTensorInfo([0], 'float32', new Float32Array(0))];
}

function backward({ inputs, attrs, backend }: Call<LstmGradKernelInputs>): TensorInfo[] {
  const engine = simdEngine();
  const { arena } = engine;
  const reserve = reservesOf(engine).take(inputs.reserve);
  const sizes = sizesOf(inputs);
  const { batch, time, features, units } = sizes;
  const { zStep, cellStep } = sequenceStrides(sizes);
  const tiles = Math.ceil(batch / 8);
  const chunk = Math.min(time, Math.max(1, Math.floor(CHUNK_ROWS / (tiles * 8))));
  const depth = chunk * tiles * 8;
  const sumRows = wholeQuads(features + 1 + units);
  const sumBytes = Math.ceil(units / 8) * PARTS * sumRows * 32;
  const scratchTile = wholeQuads(Math.max(features, units)) * 32 + 128;
  const room = createLayout();
  const sequence = room.add(SEQUENCE_BYTES);
  const given = {
    kernel: room.add(features * PARTS * units * 4),
    recurrentKernel: room.add(units * PARTS * units * 4),
    dOutputs: room.add(batch * time * units * 4),
    dLast: room.add(batch * units * 4),
    dHidden: room.add(batch * units * 4),
    dCell: room.add(batch * units * 4),
  };
  const places = {
    ...given,
    dX: room.add(batch * time * features * 4),
    dKernel: room.add(features * PARTS * units * 4),
    dRecurrentKernel: room.add(units * PARTS * units * 4),
    dBias: room.add(PARTS * units * 4),
    dInitialHidden: room.add(batch * units * 4),
    dInitialCell: room.add(batch * units * 4),
    transposedKernel: room.add(wholeQuads(features) * PARTS * units * 4),
    transposedRecurrentKernel: room.add(wholeQuads(units) * PARTS * units * 4),
    hiddenFlow: room.add(cellStep),
    cellFlow: room.add(cellStep),
    outputFlow: room.add(cellStep),
    scratch: room.add(tiles * scratchTile),
    packedZ: room.add(depth * sumRows * 4),
    packedGates: room.add(depth * 32),
    sums: room.add(sumBytes),
    ...(dropsOut(attrs) ? { dropped: room.add(PARTS * zStep) } : {}),
  };
  const block = arena.allocate(room.size);
  for (const [name, place] of Object.entries(given)) {
    arena.floats.set(valuesOf(backend, inputs[name as keyof typeof given]), (block + place) >> 2);
  }
  arena.bytes.fill(0, block + places.sums, block + places.sums + sumBytes);
  writeSequence(arena, block + sequence, { ...reserve.values, ...at(block, places), scratchTile, chunk });
  engine.runLstmBackward(block + sequence);
  const results = {
    x: { shape: inputs.x.shape, place: places.dX },
    kernel: { shape: inputs.kernel.shape, place: places.dKernel },
    recurrentKernel: { shape: inputs.recurrentKernel.shape, place: places.dRecurrentKernel },
    bias: { shape: [attrs.hasBias ? PARTS * units : 0], place: places.dBias },
    hidden: { shape: [batch, units], place: places.dInitialHidden },
    cell: { shape: [batch, units], place: places.dInitialCell },
  };
  const gradients = LSTM_GRADIENTS.map((name) => {
    const { shape, place } = results[name];
    return backend.makeTensorInfo(shape, 'float32', floatsAt(arena, block + place, shape));
  });
  arena.free(block);
  arena.free(reserve.address);
  return gradients;
}

/** Where a pass keeps what each step gives: every step when a backward pass will ask for them, else room for one. */
function layOutStates(layout: Layout, sizes: SequenceSizes, attrs: LstmKernelAttributes) {
  const { batch, time } = sizes;
  const strides = sequenceStrides(sizes);
  const { zTile, zStep, gateTile, gateStep, cellTile, cellStep } = strides;
  const keep = attrs.keepReserve;
  const places = {
    z: layout.add((keep ? time + 1 : 2) * zStep),
    gates: layout.add((keep ? time : 1) * gateStep),
    cells: layout.add((keep ? time + 1 : 1) * cellStep),
    tanhCells: layout.add((keep ? time : 1) * cellStep),
    ...(attrs.hasMask || batch % 8 > 0 ? { lanes: layout.add(time * Math.ceil(batch / 8) * 32) } : {}),
    ...(dropsOut(attrs) ? { factors: layout.add(PARTS * zStep) } : {}),
  };
  const scalars = {
    stepMask: keep ? -1 : 1,
    zTile,
    zStep,
    gateTile,
    gateStep: keep ? gateStep : 0,
    cellTile,
    cellStep: keep ? cellStep : 0,
    tanhStep: keep ? cellStep : 0,
    factorPart: zStep,
  };
  return { places, scalars, strides };
}

type Names = Exclude<keyof LstmKernelInputs, 'x' | 'kernel' | 'recurrentKernel'> | 'x' | 'kernel' | 'recurrentKernel';

function layOutInputs(layout: Layout, inputs: LstmKernelInputs): Partial<Record<Names, number>> {
  const places: Partial<Record<Names, number>> = {};
  for (const [name, info] of Object.entries(inputs) as [Names, TensorInfo][]) places[name] = layout.add(sizeOf(info) * 4);
  return places;
}

function copyInputs(
  arena: Arena,
  backend: MathBackendCPU,
  { inputs, places }: { inputs: LstmKernelInputs; places: SequenceValues },
): void {
  for (const [name, info] of Object.entries(inputs) as [Names, TensorInfo][]) {
    const place = places[name] as number;
    if (name === 'mask') arena.bytes.set(valuesOf(backend, info), place);
    else arena.floats.set(valuesOf(backend, info), place >> 2);
  }
}

function attributesOf({ goBackwards, zeroOutputForMask }: LstmKernelAttributes): SequenceValues {
  return { goBackwards: Number(goBackwards), zeroOutputForMask: Number(zeroOutputForMask) };
}

function dropsOut({ hasInputDropout, hasRecurrentDropout }: LstmKernelAttributes): boolean {
  return hasInputDropout || hasRecurrentDropout;
}

function sizesOf({ x, recurrentKernel }: Pick<LstmKernelInputs, 'x' | 'recurrentKernel'>): SequenceSizes {
  const [batch, time, features] = x.shape as [number, number, number];
  return { batch, time, features, units: recurrentKernel.shape[0] as number, parts: PARTS };
}

/** Places within a block as addresses. */
function at<Places extends SequenceValues>(block: number, places: Places): SequenceValues {
  return Object.fromEntries(Object.entries(places).map(([name, place]) => [name, block + (place as number)]));
}

function sizeOf({ shape }: TensorInfo): number {
  return shape.reduce((product, length) => product * length, 1);
}

function floatsAt(arena: Arena, address: number, shape: readonly number[]): Float32Array {
  const start = address >> 2;
  return arena.floats.slice(start, start + shape.reduce((product, length) => product * length, 1));
}

/** The live array behind a tensor. */
function valuesOf(backend: MathBackendCPU, { dataId }: TensorInfo): Float32Array | Uint8Array {
  return backend.data.get(dataId).values as Float32Array | Uint8Array;
}
