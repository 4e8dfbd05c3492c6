import { useBackend } from '@cellstate/backends';
import { ndarray } from '@cellstate/core';
import { dense, lstm, masking, sequential } from '@cellstate/layers';
import {
  activation,
  fusedPath,
  gruReference,
  gruSequence,
  lstmReference,
  lstmSequence,
  simpleRnnReference,
  simpleRnnSequence,
} from '@cellstate/ops';
import { caseInputs, runCase, SEQUENCE_CASES } from '@cellstate/ops/conformance';
import { asymmetric, expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { adam, createTrainer } from '@cellstate/trainers';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';

const SEQUENCES = {
  lstm: { run: lstmSequence, reference: lstmReference },
  gru: { run: gruSequence, reference: gruReference },
  simpleRnn: { run: simpleRnnSequence, reference: simpleRnnReference },
} as const;

beforeAll(async () => {
  await useBackend('node');
});

describe('what it is', () => {
  test('libtensorflow, with a fused LSTM and steps on plain arrays', async () => {
    const backend = await useBackend('node');
    expect(backend).toMatchObject({ name: 'node', simd: true });
    expect(backend.kernels).toEqual(['LSTMSequence', 'LSTMSequenceGrad', 'LSTMStep', 'GRUStep', 'SimpleRNNStep']);
    expect(tf.getBackend()).toBe('tensorflow');
  });

  test('calls with a mask or dropout, other activations and other cells go by the reference', async () => {
    expect(fusedPath('lstm')).toBe('fused');
    expect(fusedPath('lstm', { goBackwards: true })).toBe('fused');
    expect(fusedPath('lstm', { mask: true })).toBe('reference');
    expect(fusedPath('lstm', { dropout: true })).toBe('reference');
    expect(fusedPath('lstm', { activation: activation('relu') })).toBe('reference');
    expect(fusedPath('gru')).toBe('reference');
    expect(fusedPath('simpleRnn')).toBe('reference');
    await useBackend('node', { fused: false });
    expect(fusedPath('lstm')).toBe('reference');
    await useBackend('node');
    expect(fusedPath('lstm')).toBe('fused');
  });
});

describe.each(['lstm', 'gru', 'simpleRnn'] as const)('%s agrees with the reference', (op) => {
  const { run, reference } = SEQUENCES[op];

  test.each(SEQUENCE_CASES.map((sequenceCase) => [sequenceCase.name, sequenceCase] as const))('%s', (_, sequenceCase) => {
    const received = expectNoLeak(() => runCase(op, { ...sequenceCase, run }));
    const expected = runCase(op, { ...sequenceCase, run: reference });
    expect(Object.keys(received)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      expectClose(received[name] ?? [], values, { absolute: 1e-5, relative: 1e-5 });
    }
  });
});

test('numbers that are none come out as the reference gives them', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    tf.tidy(() => {
      const inputs = caseInputs('lstm', { name: '', batch: 2, time: 3, features: 2, units: 3 });
      const x = tf.where(tf.equal(tf.reshape(tf.range(0, 12), [2, 3, 2]), 8), value, inputs.x) as tf.Tensor3D;
      const received = lstmSequence({ ...inputs, x }).outputs.dataSync();
      expect(Array.from(received, Math.fround)).toEqual(Array.from(lstmReference({ ...inputs, x }).outputs.dataSync(), nearly(received)));
    });
  }
});

test('ten thousand passes forward and a thousand back leave no tensor and no handle', { timeout: 180_000 }, () => {
  const native = (tf.backend() as unknown as { binding: { getNumOfTensors(): number } }).binding;
  const { x, kernel, recurrentKernel, bias, state } = caseInputs('lstm', {
    name: '',
    batch: 2,
    time: 3,
    features: 2,
    units: 3,
    state: true,
  });
  const inputs = { x, kernel, recurrentKernel, bias: bias as tf.Tensor, state: state as tf.Tensor2D[] };
  const forward = () => tf.tidy(() => void lstmSequence(inputs));
  const back = () => tf.dispose(tf.grad((given: tf.Tensor) => tf.sum(lstmSequence({ ...inputs, x: given as tf.Tensor3D }).last))(x));
  forward();
  back();
  const before = { handles: native.getNumOfTensors(), tensors: tf.memory().numTensors };
  for (let i = 0; i < 10_000; i++) forward();
  for (let i = 0; i < 1000; i++) back();
  expect({ handles: native.getNumOfTensors(), tensors: tf.memory().numTensors }).toEqual(before);
  tf.dispose([x, kernel, recurrentKernel, inputs.bias, ...inputs.state]);
});

test('a model trains to the same losses as on the cpu engine, masked or not', async () => {
  for (const first of [[], [masking({ inputShape: [null, 2] })]]) {
    const losses: number[][] = [];
    for (const engine of ['cpu', 'node'] as const) {
      await useBackend(engine);
      const layers = [
        ...first.map(() => masking({ inputShape: [null, 2] })),
        lstm({ units: 5, inputShape: [null, 2] }),
        dense({ units: 1 }),
      ];
      const made = sequential(layers);
      made.setWeights(made.parameters.map(({ variable: { shape } }, i) => ndarray(asymmetric(shape, 0.1 * i, 0.4 + 0.1 * i), shape)));
      const trainer = createTrainer(made, { optimizer: adam({ learningRate: 0.01 }), loss: 'meanSquaredError' });
      const batch = { x: ndarray(asymmetric([4, 6, 2], 0.3, 0.7), [4, 6, 2]), y: ndarray(asymmetric([4, 1], 0.2, 0.9), [4, 1]) };
      const own: number[] = [];
      for (let step = 0; step < 20; step++) own.push((await trainer.trainOnBatch(batch)).loss as number);
      losses.push(own);
      trainer.dispose?.();
      made.dispose();
    }
    expectClose(losses[1] as number[], losses[0] as number[], { absolute: 1e-5 });
  }
});

test('a stream steps on plain arrays', async () => {
  await useBackend('node');
  const made = sequential([lstm({ units: 5, returnSequences: true, inputShape: [null, 2] }), dense({ units: 1 })]);
  const x = ndarray(asymmetric([1, 6, 2], 0.3, 0.7), [1, 6, 2]);
  const whole = await made.predict(x);
  const stream = made.stream();
  for (let t = 0; t < 6; t++)
    expectClose(stream.push(x.slice([null, [t, t + 1]]).reshape([1, 2])).data, whole.slice([null, [t, t + 1]]).data, { absolute: 1e-6 });
  stream.dispose();
  made.dispose();
});

/** A value of the reference, as the received one where they agree to rounding. */
function nearly(received: ArrayLike<number>): (value: number, index: number) => number {
  return (value, index) => (Math.abs(value - (received[index] as number)) < 1e-6 ? (received[index] as number) : value);
}
