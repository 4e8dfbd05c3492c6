import { CROSSENTROPY_KERNEL } from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { createLayout } from './sequence-memory.ts';
import { type SharedFunction, simdEngine } from './simd-engine.ts';
import { sizeOf, tensorAt, valuesOf } from './tensor-values.ts';

type Info = tf.TensorInfo;

interface SoftmaxCall {
  readonly inputs: { readonly logits: Info };
  readonly attrs: { readonly dim: number };
  readonly backend: MathBackendCPU;
}

interface CrossentropyCall {
  readonly inputs: { readonly target: Info; readonly logits: Info };
  readonly backend: MathBackendCPU;
}

interface CrossentropyGradCall extends CrossentropyCall {
  readonly inputs: CrossentropyCall['inputs'] & { readonly dy: Info };
}

/** Fields of the rows that `assembly/softmax.ts` reads, in their order. */
const FIELDS = ['columns', 'to', 'logits', 'target', 'values'] as const;
/** What an exponential costs, in multiplications. */
const WORK = 16;

/** `Softmax` for the `cpu` backend, over the one that TensorFlow.js has, which goes on serving what this does not, errors included. */
export function softmaxKernels(): tf.KernelConfig[] {
  const stock = tf.getKernel(tf.Softmax, 'cpu').kernelFunc;
  const softmax = (call: SoftmaxCall): Info => {
    const { logits } = call.inputs;
    if (!serves(call)) return stock(call as never) as Info;
    return runRows({ run: 'softmaxRows', given: { logits }, result: 'to', shape: logits.shape, backend: call.backend });
  };
  return [{ kernelName: tf.Softmax, backendName: 'cpu', kernelFunc: softmax as unknown as tf.KernelFunc }];
}

function serves({ inputs: { logits }, attrs: { dim } }: SoftmaxCall): boolean {
  const { shape, dtype } = logits;
  return dtype === 'float32' && shape.length > 0 && sizeOf(shape) > 0 && (dim === -1 || dim === shape.length - 1);
}

const crossentropy = ({ inputs: { target, logits }, backend }: CrossentropyCall): Info =>
  runRows({ run: 'crossentropyRows', given: { target, logits }, result: 'values', shape: logits.shape.slice(0, -1), backend });

const crossentropyGrad = ({ inputs: { target, logits, dy }, backend }: CrossentropyGradCall): Info =>
  runRows({ run: 'crossentropyGradientRows', given: { target, logits, values: dy }, result: 'to', shape: logits.shape, backend });

/** The kernels of `softmaxCrossentropy`. */
export const crossentropyKernels: readonly tf.KernelConfig[] = [
  { kernelName: CROSSENTROPY_KERNEL, backendName: 'cpu', kernelFunc: crossentropy as unknown as tf.KernelFunc },
  { kernelName: `${CROSSENTROPY_KERNEL}Grad`, backendName: 'cpu', kernelFunc: crossentropyGrad as unknown as tf.KernelFunc },
];

/** Arrays of a call: given ones are copied in, and one is what comes out. */
interface RowsCall {
  readonly run: SharedFunction;
  readonly given: { readonly logits: Info; readonly target?: Info; readonly values?: Info };
  readonly result: 'to' | 'values';
  readonly shape: number[];
  readonly backend: MathBackendCPU;
}

/** Copies the arrays in, runs all rows on as many threads as there are, and copies the result out. */
function runRows({ run, given, result, shape, backend }: RowsCall): Info {
  const { arena, team } = simdEngine();
  const columns = given.logits.shape.at(-1) as number;
  const size = sizeOf(given.logits.shape);
  const layout = createLayout();
  const fields = layout.add(FIELDS.length * 4);
  const places = Object.entries(given).map(([name, info]) => ({ name, info, place: layout.add(sizeOf(info.shape) * 4) }));
  const place = layout.add(sizeOf(shape) * 4);
  const block = arena.allocate(layout.size);
  const addresses: Record<string, number> = { columns, [result]: block + place };
  for (const { name, info, place: at } of places) {
    addresses[name] = block + at;
    arena.floats.set(valuesOf(backend, info), (block + at) >> 2);
  }
  for (const [i, field] of FIELDS.entries()) arena.integers[((block + fields) >> 2) + i] = addresses[field] ?? 0;
  team.share({ run, at: block + fields, items: size / columns, work: size * WORK });
  const made = tensorAt(arena, backend, { address: block + place, shape });
  arena.free(block);
  return made;
}
