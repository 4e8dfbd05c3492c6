import { softmaxCrossentropy, variableGradients } from '@cellstate/ops';
import type { SequenceCase } from '@cellstate/ops/conformance';
import { asymmetric } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { registerCpuKernels, unregisterCpuKernels } from '../../../../src/cpu/index.ts';
import { simdEngine } from '../../../../src/cpu/simd/simd-engine.ts';
import { useSimdEngine } from '../../../../src/cpu/simd/use-simd-engine.ts';
import { RECURRENT_KINDS, type RecurrentKind } from '../../recurrent-kinds.ts';

beforeAll(() => tf.setBackend('cpu'));
afterAll(unregisterCpuKernels);

/** One thread first: the others are compared with it. */
const TEAMS = [
  { threads: 1, aside: false, working: 'the calling one' },
  { threads: 2, aside: false, working: 'both' },
  { threads: 3, aside: false, working: 'all' },
  { threads: 4, aside: true, working: 'the other three' },
];

const bitsOfOne = new Map<string, readonly Int32Array[]>();

/** Holds what `run` gives to what one thread gave: bits, not numbers, so that NaN and signs of zero count. */
function expectBitsOfOne(name: string, run: () => readonly tf.Tensor[]): void {
  const bits = expectNoLeak(() => tf.tidy(() => run().map((tensor) => new Int32Array(Float32Array.from(tensor.dataSync()).buffer))));
  if (simdEngine().team.threads === 1) {
    for (const words of bits) expect(words.some((word) => word !== 0)).toBe(true);
    bitsOfOne.set(name, bits);
  }
  expect(bits).toEqual(bitsOfOne.get(name));
}

type Given = Omit<SequenceCase, 'name' | keyof typeof sizes> & { readonly goBackwards?: boolean };

/** Rows, steps and units that no block divides evenly, and more steps than one chunk of the gradients' sums has. */
const sizes = { batch: 37, time: 9, features: 5, units: 43 };

function results(kind: RecurrentKind, { goBackwards = false, ...given }: Given): readonly tf.Tensor[] {
  const { x, kernel, recurrentKernel, bias, ...rest } = kind.inputs({ name: 'threads', ...sizes, state: true, ...given });
  const list = [x, kernel, recurrentKernel, bias as tf.Tensor];
  const outputs: tf.Tensor[] = [];
  const gradients = tf.grads((...moved) => {
    const [movedX, movedKernel, movedRecurrent, movedBias] = moved;
    const inputs = { x: movedX, kernel: movedKernel, recurrentKernel: movedRecurrent, bias: movedBias, ...rest };
    const result = kind.run(inputs as Parameters<RecurrentKind['run']>[0], { goBackwards });
    const all = [result.outputs, result.last, ...result.state];
    outputs.push(...all.map((tensor) => tf.keep(tensor.clone())));
    return tf.addN(all.map((tensor, i) => tf.sum(tf.mul(tensor, tf.tensor(asymmetric([tensor.size], i, 0.7), tensor.shape)))));
  })(list);
  const kept = outputs.map((tensor) => tensor.clone());
  tf.dispose(outputs);
  return [...kept, ...gradients];
}

const mask = Array.from({ length: sizes.batch }, (_, b) => Array.from({ length: sizes.time }, (_, t) => ((b + 2 * t) % 3 === 0 ? 0 : 1)));

describe.each(TEAMS)('$threads threads, of which work $working, give the bits of one:', ({ threads, aside }) => {
  beforeAll(async () => {
    registerCpuKernels({ simd: true });
    expect(await useSimdEngine({ simd: true, relaxed: false, leastWork: 0, threads, aside })).toBe(threads);
  });

  describe.each(RECURRENT_KINDS)('$name', (kind) => {
    test.each<[string, Given]>([
      ['plain', {}],
      ['masked, backwards', { mask, goBackwards: true }],
      ['masked, with dropout', { mask, inputDropout: true, recurrentDropout: true }],
    ])('%s', (name, given) => {
      expectBitsOfOne(`${kind.name} ${name}`, () => results(kind, given));
    });
  });

  test.each([
    { a: [65, 300], b: [300, 43], transposeA: false, transposeB: false },
    { a: [300, 65], b: [300, 43], transposeA: true, transposeB: false },
    { a: [13, 300], b: [211, 300], transposeA: false, transposeB: true },
    { a: [1, 300], b: [300, 211], transposeA: false, transposeB: false },
    { a: [7, 300], b: [300, 9], transposeA: false, transposeB: false },
    { a: [5, 31, 300], b: [5, 300, 9], transposeA: false, transposeB: false },
    { a: [2, 31, 300], b: [300, 9], transposeA: false, transposeB: false },
  ])('$a · $b, transposed: $transposeA $transposeB', ({ a, b, transposeA, transposeB }) => {
    const product = () => tf.matMul(tf.tensor(asymmetric(a, 0.3, 0.7), a), tf.tensor(asymmetric(b, 0.9, 0.4), b), transposeA, transposeB);
    expectBitsOfOne(`${a} ${b}`, () => [product()]);
  });

  test('softmax and crossentropy have the bits of one thread', () => {
    const shape: [number, number] = [37, 45];
    expectBitsOfOne('crossentropy', () => {
      const [logits, target] = [tf.tensor2d(asymmetric(shape, 0.3, 0.7), shape), tf.tensor2d(asymmetric(shape, 0.9, 0.4), shape)];
      const gradient = tf.grad((x) => tf.sum(softmaxCrossentropy(target, x)))(logits);
      return [tf.softmax(logits), softmaxCrossentropy(target, logits), gradient];
    });
  });
});

describe('memory that threads share', () => {
  test('grows while they wait, and they see what came with it', async () => {
    registerCpuKernels({ simd: true });
    const large = { name: 'large', batch: 64, time: 40, features: 8, units: 64 };
    const [kind] = RECURRENT_KINDS as readonly [RecurrentKind];
    const runLarge = () => tf.tidy(() => kind.run(kind.inputs(large)).outputs.dataSync());
    const expected = runLarge();
    await useSimdEngine({ simd: true, relaxed: false, threads: 3, leastWork: 0, aside: true });
    const { memory } = simdEngine().arena;
    tf.tidy(() => void kind.run(kind.inputs({ ...large, time: 1 })));
    const before = memory.buffer.byteLength;
    const received = runLarge();
    expect(memory.buffer.byteLength).toBeGreaterThan(before);
    expect(received).toEqual(expected);
  });

  test('stays as large over a thousand training steps, and so does the count of tensors', async () => {
    registerCpuKernels({ simd: true });
    await useSimdEngine({ simd: true, relaxed: false, threads: 2, leastWork: 0 });
    const { arena } = simdEngine();
    const [kind] = RECURRENT_KINDS as readonly [RecurrentKind];
    const inputs = kind.inputs({ name: 'flat', batch: 17, time: 2, features: 2, units: 9 });
    const kernel = tf.variable(inputs.kernel);
    const step = () => {
      const { value, grads } = variableGradients(
        () => tf.sum(kind.run({ ...inputs, kernel: kernel as unknown as tf.Tensor2D }).last),
        [kernel],
      );
      tf.dispose([value, Object.values(grads)]);
    };
    step();
    const [tensors, used, size] = [tf.memory().numTensors, arena.used, arena.memory.buffer.byteLength];
    for (let i = 0; i < 1000; i++) step();
    expect([tf.memory().numTensors, arena.used, arena.memory.buffer.byteLength]).toEqual([tensors, used, size]);
    tf.dispose([Object.values(inputs), kernel]);
  });
});
