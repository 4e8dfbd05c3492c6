import '@tensorflow/tfjs-backend-cpu';
import { gruReference, lstmReference, type SequenceInputs, simpleRnnReference } from '@cellstate/ops';
import { expectClose } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, test } from 'vitest';
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

describe.each(CPU_KERNEL_SETS)('extreme inputs come out of the kernels $set as of the reference', ({ register }) => {
  describe.each(RECURRENT_KINDS)('$name', (kind) => {
    test.each(EXTREMES)('%d', (extreme) => {
      tf.tidy(() => {
        for (const name of ['x', 'kernel', 'recurrentKernel', 'bias', 'state'] as const) {
          const inputs = withExtreme(kind, name, extreme);
          unregisterCpuKernels();
          const expected = reference(kind, inputs);
          register();
          const received = kind.run(inputs);
          expectClose(received.outputs, expected.outputs, { absolute: 1e-5, relative: 1e-5 });
          for (const [i, state] of received.state.entries()) {
            expectClose(state, expected.state[i] as tf.Tensor, { absolute: 1e-5, relative: 1e-5 });
          }
        }
      });
    });
  });
});
