import { lstmSequence, variableGradients } from '@cellstate/ops';
import { caseInputs } from '@cellstate/ops/conformance';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerCpuKernels } from '../../../src/cpu/index.ts';
import { simdEngine } from '../../../src/cpu/simd/simd-engine.ts';

beforeAll(async () => {
  registerCpuKernels({ simd: true });
  await tf.setBackend('cpu');
});

const sizes = { name: 'plain', batch: 2, time: 3, features: 2, units: 5 };

describe('memory of the engine', () => {
  test('tensors and arena are flat over ten thousand training steps', () => {
    const { arena } = simdEngine();
    const inputs = caseInputs('lstm', sizes);
    const kernel = tf.variable(inputs.kernel);
    const step = () => {
      const { value, grads } = variableGradients(
        () => tf.sum(lstmSequence({ ...inputs, kernel: kernel as unknown as tf.Tensor2D }).last),
        [kernel],
      );
      tf.dispose([value, Object.values(grads)]);
    };
    step();
    const tensors = tf.memory().numTensors;
    const { used } = arena;
    const size = arena.memory.buffer.byteLength;
    for (let i = 0; i < 10_000; i++) step();
    expect(tf.memory().numTensors).toBe(tensors);
    expect(arena.used).toBe(used);
    expect(arena.memory.buffer.byteLength).toBe(size);
    tf.dispose([Object.values(inputs), kernel]);
  });

  test('what a forward pass keeps for a backward pass that never comes is given back at the next forward pass', () => {
    const { arena } = simdEngine();
    const inputs = caseInputs('lstm', sizes);
    const before = arena.used;
    const ignored = () =>
      tf.tidy(() => {
        tf.grad((x) => {
          lstmSequence({ ...inputs, x: x as tf.Tensor3D });
          return tf.sum(tf.square(x));
        })(inputs.x);
      });
    ignored();
    const kept = arena.used - before;
    expect(kept).toBeGreaterThan(0);
    for (let i = 0; i < 100; i++) ignored();
    expect(arena.used - before).toBe(kept);
    tf.tidy(() => void lstmSequence(inputs));
    expect(arena.used).toBe(before);
    tf.dispose(Object.values(inputs));
  });

  test('a pass that needs more than there was grows the arena, and goes on right', () => {
    const { arena } = simdEngine();
    tf.tidy(() => {
      const small = caseInputs('lstm', sizes);
      const expected = lstmSequence(small).outputs.dataSync();
      const size = arena.memory.buffer.byteLength;
      lstmSequence(caseInputs('lstm', { ...sizes, batch: 64, time: 200, units: 64 }));
      expect(arena.memory.buffer.byteLength).toBeGreaterThan(size);
      expect(lstmSequence(small).outputs.dataSync()).toEqual(expected);
    });
  });
});
