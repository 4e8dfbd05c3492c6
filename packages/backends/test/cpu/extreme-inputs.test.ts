import '@tensorflow/tfjs-backend-cpu';
import { gruReference, lstmReference, type SequenceInputs, simpleRnnReference } from '@cellstate/ops';
import { expectClose } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { unregisterCpuKernels } from '../../src/cpu/index.ts';
import { CPU_KERNEL_SETS } from './cpu-kernel-sets.ts';
import { RECURRENT_KINDS, type RecurrentKind } from './recurrent-kinds.ts';

beforeAll(() => tf.setBackend('cpu'));

const sizes = { name: 'extreme', batch: 3, time: 4, features: 2, units: 5, state: true };

const EXTREMES = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e30, -1e30];

/** The inputs of a case with one number of one of them replaced. */
function withExtreme(kind: RecurrentKind, name: 'x' | 'kernel' | 'recurrentKernel' | 'bias' | 'state', extreme: number): SequenceInputs {
  const inputs = kind.inputs(sizes);
  const tensor = (name === 'state' ? inputs.state?.[0] : inputs[name]) as tf.Tensor;
  const values = tensor.dataSync().slice();
  values[Math.floor(values.length / 2)] = extreme;
  const replaced = tf.tensor(values, tensor.shape);
  return { ...inputs, [name]: name === 'state' ? [replaced, ...(inputs.state ?? []).slice(1)] : replaced } as SequenceInputs;
}

function reference(kind: RecurrentKind, inputs: SequenceInputs) {
  if (kind.op === 'lstm') return lstmReference(inputs);
  if (kind.op === 'simpleRnn') return simpleRnnReference(inputs);
  return gruReference(inputs, { resetAfter: kind.biasRows === 2 });
}

/** Outputs and states as arrays. */
function resultsOf(run: () => { outputs: tf.Tensor; state: readonly tf.Tensor[] }): readonly ArrayLike<number>[] {
  return tf.tidy(() => {
    const { outputs, state } = run();
    return [outputs, ...state].map((tensor) => tensor.dataSync());
  });
}

describe.each(CPU_KERNEL_SETS)('extreme inputs come out of the kernels $set as of the reference', ({ register }) => {
  describe.each(RECURRENT_KINDS)('$name', (kind) => {
    test.each(EXTREMES)('%d', async (extreme) => {
      const names = ['x', 'kernel', 'recurrentKernel', 'bias', 'state'] as const;
      unregisterCpuKernels();
      const expected = names.map((name) => resultsOf(() => reference(kind, withExtreme(kind, name, extreme))));
      await register();
      for (const [i, name] of names.entries()) {
        const received = resultsOf(() => kind.run(withExtreme(kind, name, extreme)));
        expect(received.length).toBe((expected[i] as readonly unknown[]).length);
        for (const [j, values] of received.entries()) {
          expectClose(values, (expected[i] as readonly ArrayLike<number>[])[j] as ArrayLike<number>, { absolute: 1e-5, relative: 1e-5 });
        }
      }
    });
  });
});
