import { CROSSENTROPY_KERNEL } from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { createLayout } from './sequence-memory.ts';
import { type SharedFunction, simdEngine } from './simd-engine.ts';
import { sizeOf, tensorAt, valuesOf } from './tensor-values.ts';

type Info = tf.TensorInfo;

/** Fields of the rows that `assembly/softmax.ts` reads, in their order. */
const FIELDS = ['columns', 'to', 'logits', 'target', 'values'] as const;
/** What an exponential costs, in multiplications. */
const WORK = 16;

/** Arrays of a call: given ones are copied in, and one is what comes out. */
interface RowsCall {
  readonly run: SharedFunction;
  readonly given: Partial<Record<(typeof FIELDS)[number], Info>>;
  readonly result: 'to' | 'values';
  readonly shape: readonly number[];
  readonly backend: MathBackendCPU;
}

/**
 * `Softmax` for the `cpu` backend, over the one that TensorFlow.js has, which goes on serving what is not float32.
 */
export function softmaxKernels(): tf.KernelConfig[] {
  const stock = tf.getKernel(tf.Softmax, 'cpu').kernelFunc;
  const softmax = (call: { inputs: { logits: Info }; attrs: { dim: number }; backend: MathBackendCPU }): Info => {
    const { logits } = call.inputs;
    const last = logits.shape.length - 1;
    const serves = logits.dtype === 'float32' && (call.attrs.dim === -1 || call.attrs.dim === last) && sizeOf(logits.shape) > 0;
    if (!serves) return stock(call as never) as Info;
    return runRows({ run: 'softmaxRows', given: { logits }, result: 'to', shape: logits.shape, backend: call.backend });
  };
  return [{ kernelName: tf.Softmax, backendName: 'cpu', kernelFunc: softmax as unknown as tf.KernelFunc }];
}

/** The kernels of `softmaxCrossentropy`. */
export const crossentropyKernels: readonly tf.KernelConfig[] = [
  {
    kernelName: CROSSENTROPY_KERNEL,
    backendName: 'cpu',
    kernelFunc: (({ inputs: { target, logits }, backend }: { inputs: { target: Info; logits: Info }; backend: MathBackendCPU }) =>
      runRows({
        run: 'crossentropyRows',
        given: { target, logits },
        result: 'values',
        shape: logits.shape.slice(0, -1),
        backend,
      })) as unknown as tf.KernelFunc,
  },
  {
    kernelName: `${CROSSENTROPY_KERNEL}Grad`,
    backendName: 'cpu',
    kernelFunc: (({ inputs, backend }: { inputs: { target: Info; logits: Info; dy: Info }; backend: MathBackendCPU }) =>
      runRows({
        run: 'crossentropyGradientRows',
        given: { target: inputs.target, logits: inputs.logits, values: inputs.dy },
        result: 'to',
        shape: inputs.logits.shape,
        backend,
      })) as unknown as tf.KernelFunc,
  },
];

/** Copies the arrays in, runs all rows on as many threads as there are, and copies the result out. */
function runRows({ run, given, result, shape, backend }: RowsCall): Info {
  const { arena, team } = simdEngine();
  const { logits } = given as { readonly logits: Info };
  const columns = logits.shape.at(-1) as number;
  const size = sizeOf(logits.shape);
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
  const made = tensorAt(arena, backend, { address: block + place, shape: [...shape] });
  arena.free(block);
  return made;
}
