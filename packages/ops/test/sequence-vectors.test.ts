import { asymmetric, expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, test } from 'vitest';
import {
  activation,
  type GruOptions,
  gruReference,
  lstmReference,
  type SequenceInputs,
  type SequenceOptions,
  type SequenceResult,
  simpleRnnReference,
} from '../src/index.ts';
import { KERAS_VECTORS } from './keras-vectors.ts';

const TOLERANCE = { absolute: 1e-6, relative: 0 };
const MASK = [
  [1, 1, 0, 1],
  [0, 1, 1, 0],
];

/** The i-th array of Keras' get_weights(). */
const weight = (shape: number[], i: number) => tf.tensor(asymmetric(shape, 0.1 * (i + 1), 0.37 + 0.16 * i), shape);

function inputs(gates: number, changes: Partial<SequenceInputs> = {}): SequenceInputs {
  const x = tf.mul(2, tf.tensor3d(asymmetric([2, 4, 2], 0, 0.9), [2, 4, 2])) as tf.Tensor3D;
  const kernel = weight([2, 3 * gates], 0) as tf.Tensor2D;
  return { x, kernel, recurrentKernel: weight([3, 3 * gates], 1) as tf.Tensor2D, bias: weight([3 * gates], 2), ...changes };
}

const mask = () => tf.tensor2d(MASK, [2, 4], 'bool');
const state = () => [tf.tensor2d(asymmetric([2, 3], 1, 0.4), [2, 3]), tf.tensor2d(asymmetric([2, 3], 2, 0.6), [2, 3])];

type Op = (inputs: SequenceInputs, options: GruOptions) => SequenceResult;

function run(op: Op, makeInputs: () => SequenceInputs, options: GruOptions = {}) {
  return expectNoLeak(() =>
    tf.tidy(() => {
      const { outputs, last, state: after } = op(makeInputs(), options);
      return [outputs, ...after, last].map((tensor) => Array.from(tensor.dataSync()));
    }),
  );
}

function expectVectors(received: number[][], expected: readonly (readonly number[])[]) {
  for (const [i, values] of expected.entries()) expectClose(received[i] ?? [], values, TOLERANCE);
}

describe('the reference gives the numbers of Keras 3', () => {
  const lstm = (makeInputs: () => SequenceInputs, options: SequenceOptions = {}) => run(lstmReference, makeInputs, options);

  test('lstm: sequence, hidden and cell', () => {
    const received = lstm(() => inputs(4));
    expectVectors(received, KERAS_VECTORS.lstm);
    expectClose(received[3] ?? [], KERAS_VECTORS.lstm[1], TOLERANCE);
  });

  test('lstm, goBackwards keeps the order computed', () => {
    expectVectors(
      lstm(() => inputs(4), { goBackwards: true }),
      KERAS_VECTORS.lstmGoBackwards,
    );
  });

  test('lstm with other activations, and without bias', () => {
    expectClose(
      lstm(() => inputs(4), { recurrentActivation: activation('hard_sigmoid') })[3] ?? [],
      KERAS_VECTORS.lstmHardSigmoidLast[0],
      TOLERANCE,
    );
    expectClose(lstm(() => inputs(4), { activation: activation('relu') })[3] ?? [], KERAS_VECTORS.lstmReluLast[0], TOLERANCE);
    const { bias: _, ...unbiased } = inputs(4);
    expectClose(lstm(() => unbiased)[3] ?? [], KERAS_VECTORS.lstmNoBiasLast[0], TOLERANCE);
  });

  test('lstm with a mask: state copied through, output repeated or zero', () => {
    expectVectors(
      lstm(() => inputs(4, { mask: mask() })),
      KERAS_VECTORS.lstmMasked,
    );
    expectVectors(
      lstm(() => inputs(4, { mask: mask() }), { zeroOutputForMask: true }),
      KERAS_VECTORS.lstmMaskedZeroOutput,
    );
    expectVectors(
      lstm(() => inputs(4, { mask: mask() }), { goBackwards: true }),
      KERAS_VECTORS.lstmMaskedGoBackwards,
    );
  });

  test('lstm from an initial state; a masked first step still gives zeros', () => {
    expectVectors(
      lstm(() => inputs(4, { state: state() })),
      KERAS_VECTORS.lstmInitialState,
    );
    expectVectors(
      lstm(() => inputs(4, { state: state(), mask: mask() })),
      KERAS_VECTORS.lstmMaskedInitialState,
    );
  });

  test('gru, both places of the reset gate, and masked', () => {
    const biases = { bias: weight([2, 9], 2) };
    expectVectors(
      run(gruReference, () => inputs(3, biases)),
      KERAS_VECTORS.gru,
    );
    expectVectors(
      run(gruReference, () => inputs(3), { resetAfter: false }),
      KERAS_VECTORS.gruResetBefore,
    );
    expectVectors(
      run(gruReference, () => inputs(3, { ...biases, mask: mask() })),
      KERAS_VECTORS.gruMasked,
    );
  });

  test('simple rnn', () => {
    expectVectors(
      run(simpleRnnReference, () => inputs(1)),
      KERAS_VECTORS.simpleRnn,
    );
  });

  test('a float mask is read as nonzero', () => {
    const asFloat = () => inputs(4, { mask: tf.tensor2d(MASK.map((row) => row.map((real) => 0.5 * real))) });
    expectVectors(lstm(asFloat), KERAS_VECTORS.lstmMasked);
  });
});
