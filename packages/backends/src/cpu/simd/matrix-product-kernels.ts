import type { ProductKernelConfig } from '@cellstate/ops';
import type { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { PRODUCT_BYTES, type ProductValues, writeProduct } from './product-fields.ts';
import { createLayout } from './sequence-memory.ts';
import { type SharedFunction, simdEngine } from './simd-engine.ts';
import { sizeOf, tensorAt, valuesOf } from './tensor-values.ts';

type Info = tf.TensorInfo;

interface ProductCall {
  readonly inputs: { readonly a: Info; readonly b: Info };
  readonly attrs: { readonly transposeA: boolean; readonly transposeB: boolean; readonly borrowed?: boolean };
  readonly backend: MathBackendCPU;
}

interface FusedProductCall extends ProductCall {
  readonly inputs: ProductCall['inputs'] & { readonly bias?: Info; readonly preluActivationWeights?: Info };
  readonly attrs: ProductCall['attrs'] & { readonly activation?: string; readonly leakyreluAlpha?: number };
}

/** Below this many multiplications, copying into the arena costs more than it saves. */
const LEAST_WORK = 1500;
/** Bytes a product works with: see `assembly/multiply.ts`. */
const ROOM = 200 * 1024 + 128;

const ACTIVATIONS: Readonly<Record<string, string>> = {
  relu: tf.Relu,
  relu6: tf.Relu6,
  elu: tf.Elu,
  sigmoid: tf.Sigmoid,
  prelu: tf.Prelu,
  leakyrelu: tf.LeakyRelu,
};

/**
 * `BatchMatMul` and `_FusedMatMul` for the `cpu` backend, over those that TensorFlow.js has, which go on serving what these
 * do not: small products, integers, and batches of matrices that are repeated unevenly.
 */
export function matrixProductKernels(): ProductKernelConfig[] {
  const stock = tf.getKernel(tf.BatchMatMul, 'cpu').kernelFunc;
  const product = (call: ProductCall): Info => (serves(call) ? multiply(call) : (stock(call as never) as Info));
  const fused = ({ inputs, attrs, backend }: FusedProductCall): Info => {
    const { a, b, bias, preluActivationWeights } = inputs;
    const { transposeA, transposeB, activation = 'linear', leakyreluAlpha } = attrs;
    const steps = [product({ inputs: { a, b }, attrs: { transposeA, transposeB }, backend })];
    const follow = (kernel: string, next: Record<string, Info>, attributes: tf.NamedAttrMap = {}): void => {
      steps.push(tf.getKernel(kernel, 'cpu').kernelFunc({ inputs: next, attrs: attributes, backend }) as Info);
    };
    const current = (): Info => steps.at(-1) as Info;
    if (bias !== undefined) follow(tf.Add, { a: current(), b: bias });
    const kernel = ACTIVATIONS[activation];
    if (kernel === tf.Prelu) follow(kernel, { x: current(), alpha: preluActivationWeights as Info });
    else if (kernel === tf.LeakyRelu) follow(kernel, { x: current() }, { alpha: leakyreluAlpha as number });
    else if (kernel !== undefined) follow(kernel, { x: current() });
    for (const step of steps.slice(0, -1)) backend.disposeIntermediateTensorInfo(step);
    return current();
  };
  return [
    {
      kernelName: tf.BatchMatMul,
      backendName: 'cpu',
      kernelFunc: product as unknown as tf.KernelFunc,
      onArrays: (multiplications) => multiplications >= LEAST_WORK,
    },
    { kernelName: tf._FusedMatMul, backendName: 'cpu', kernelFunc: fused as unknown as tf.KernelFunc },
  ];
}

function serves({ inputs: { a, b }, attrs }: ProductCall): boolean {
  if (a.dtype !== 'float32' || b.dtype !== 'float32') return false;
  const { rows, columns, depth, depthOfB, outerA, outerB } = sizes(a, b, attrs);
  if (depth !== depthOfB || rows * columns * depth < LEAST_WORK) return false;
  const [countA, countB] = [sizeOf(outerA), sizeOf(outerB)];
  if (countA === 1 || countB === 1) return true;
  return outerA.length === outerB.length && outerA.every((length, axis) => length === outerB[axis]);
}

function sizes(a: Info, b: Info, { transposeA, transposeB }: ProductCall['attrs']) {
  const [rowsA, columnsA] = a.shape.slice(-2) as [number, number];
  const [rowsB, columnsB] = b.shape.slice(-2) as [number, number];
  return {
    rows: transposeA ? columnsA : rowsA,
    depth: transposeA ? rowsA : columnsA,
    depthOfB: transposeB ? columnsB : rowsB,
    columns: transposeB ? rowsB : columnsB,
    outerA: a.shape.slice(0, -2),
    outerB: b.shape.slice(0, -2),
  };
}

/** Matrix by matrix; one matrix against many is multiplied with each. */
function multiply({ inputs: { a, b }, attrs, backend }: ProductCall): Info {
  const { arena, team } = simdEngine();
  const { rows, columns, depth, outerA, outerB } = sizes(a, b, attrs);
  const [countA, countB] = [sizeOf(outerA), sizeOf(outerB)];
  const count = Math.max(countA, countB);
  const [bytesA, bytesB, bytesC] = [rows * depth * 4, depth * columns * 4, rows * columns * 4];
  const work = count * rows * columns * depth;
  const blocks = team.blocksOf(work);
  const layout = createLayout();
  const products = layout.add(blocks * PRODUCT_BYTES);
  const atA = layout.add(countA * bytesA);
  const atB = layout.add(countB * bytesB);
  const atC = layout.add(count * bytesC);
  const rooms = layout.add(blocks * ROOM);
  const block = arena.allocate(layout.size);
  arena.floats.set(valuesOf(backend, a), (block + atA) >> 2);
  arena.floats.set(valuesOf(backend, b), (block + atB) >> 2);
  const product: ProductValues = {
    c: block + atC,
    cStep: bytesC,
    a: block + atA,
    aStep: countA === 1 ? 0 : bytesA,
    aRow: attrs.transposeA ? 4 : depth * 4,
    aColumn: attrs.transposeA ? rows * 4 : 4,
    b: block + atB,
    bStep: countB === 1 ? 0 : bytesB,
    bRow: attrs.transposeB ? 4 : columns * 4,
    bColumn: attrs.transposeB ? depth * 4 : 4,
    rows,
    columns,
    depth,
    count,
  };
  for (let i = 0; i < blocks; i++) writeProduct(arena, block + products + i * PRODUCT_BYTES, product, block + rooms + i * ROOM);
  const { run, items } = cutProduct(product, blocks);
  team.share({ run, items, at: block + products, stride: PRODUCT_BYTES, work });
  const outer = tf.broadcast_util.assertAndGetBroadcastShape(outerA, outerB);
  const made = tensorAt(arena, backend, { address: block + atC, shape: [...outer, rows, columns], borrowed: attrs.borrowed });
  arena.free(block);
  return made;
}

/** By matrices where there are as many as blocks; else along the longer side of the result. */
function cutProduct({ count, rows, columns }: ProductValues, blocks: number): { run: SharedFunction; items: number } {
  const [fours, eights] = [rows >> 2, columns >> 3];
  if (count >= blocks || Math.max(fours, eights) < 2) return { run: 'multiplyMatrices', items: count };
  return fours >= eights ? { run: 'multiplyRows', items: fours } : { run: 'multiplyColumns', items: eights };
}
