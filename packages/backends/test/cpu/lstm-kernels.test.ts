import '../../src/cpu/register.ts';
import { type LstmKernelAttributes, lstmSequence, type SequenceInputs, variableGradients } from '@cellstate/ops';
import { caseInputs } from '@cellstate/ops/conformance';
import { expectClose, lstmOracle, RECURRENT_STRUCTURES, recurrentArrays, solveRecurrent } from '@cellstate/testing';
import { expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';

const sizes = { batch: 3, time: 4, features: 2, units: 3 };

describe('the fused LSTM against what shares no code with it', () => {
  test.each(RECURRENT_STRUCTURES.filter(({ state }) => state))('float64 loops: $name', (structure) => {
    const problem = { equations: lstmOracle(), sizes, biasRows: 1, inputDropout: false, recurrentDropout: false, ...structure };
    const arrays = recurrentArrays(problem);
    const { outputs: expected } = solveRecurrent(problem, arrays, ({ outputs, last, state }) => [outputs, last, ...state]);
    const { batch, time, features, units } = sizes;
    const received = expectNoLeak(() =>
      tf.tidy(() => {
        const inputs: SequenceInputs = {
          x: tf.tensor3d(arrays.x, [batch, time, features]),
          kernel: tf.tensor2d(arrays.kernel, [features, 4 * units]),
          recurrentKernel: tf.tensor2d(arrays.recurrentKernel, [units, 4 * units]),
          state: [tf.tensor2d(arrays.hidden as Float32Array, [batch, units]), tf.tensor2d(arrays.cell as Float32Array, [batch, units])],
          ...(arrays.bias ? { bias: tf.tensor1d(arrays.bias) } : {}),
          ...(structure.mask
            ? {
                mask: tf.tensor2d(
                  structure.mask.map((row) => [...row]),
                  [batch, time],
                  'bool',
                ),
              }
            : {}),
        };
        const { goBackwards, zeroOutputForMask } = structure;
        const { outputs, last, state } = lstmSequence(inputs, { goBackwards, zeroOutputForMask });
        return [outputs, last, ...state].map((tensor) => tensor.dataSync());
      }),
    );
    for (const [i, values] of expected.entries()) expectClose(received[i] as Float32Array, values, { absolute: 1e-6, relative: 1e-5 });
  });

  test('finite differences, with a mask and from a state', () => {
    const mask = [
      [0, 1, 0, 1],
      [1, 1, 1, 0],
    ];
    const { x, kernel, recurrentKernel, bias, state, ...rest } = caseInputs('lstm', {
      name: 'masked',
      batch: 2,
      time: 4,
      features: 2,
      units: 3,
      state: true,
      mask,
    });
    const list = [x, kernel, recurrentKernel, bias as tf.Tensor, ...(state ?? [])];
    expectGradientsMatch((...given) => {
      const [givenX, givenKernel, givenRecurrent, givenBias, hidden, cell] = given as [
        tf.Tensor3D,
        tf.Tensor2D,
        tf.Tensor2D,
        tf.Tensor,
        tf.Tensor2D,
        tf.Tensor2D,
      ];
      const inputs = { x: givenX, kernel: givenKernel, recurrentKernel: givenRecurrent, bias: givenBias, state: [hidden, cell], ...rest };
      const result = lstmSequence(inputs);
      return [result.outputs, result.last, ...result.state];
    }, list);
    tf.dispose([list, rest]);
  });
});

describe('the fused LSTM within TensorFlow.js', () => {
  const plain = { name: 'plain', batch: 2, time: 4, features: 2, units: 3 };

  test('keeps its activations only while a gradient is recorded', () => {
    const seen: boolean[] = [];
    const { kernelFunc } = tf.getKernel('LSTMSequence', 'cpu');
    tf.unregisterKernel('LSTMSequence', 'cpu');
    tf.registerKernel({
      kernelName: 'LSTMSequence',
      backendName: 'cpu',
      kernelFunc: (call) => {
        seen.push((call.attrs as unknown as LstmKernelAttributes).keepReserve);
        return kernelFunc(call);
      },
    });
    expectNoLeak(() =>
      tf.tidy(() => {
        const inputs = caseInputs('lstm', plain);
        lstmSequence(inputs);
        tf.grad((x) => lstmSequence({ ...inputs, x: x as tf.Tensor3D }).last)(inputs.x);
      }),
    );
    tf.unregisterKernel('LSTMSequence', 'cpu');
    tf.registerKernel({ kernelName: 'LSTMSequence', backendName: 'cpu', kernelFunc });
    expect(seen).toEqual([false, true]);
  });

  test('changes none of its inputs', () => {
    const inputs = caseInputs('lstm', {
      ...plain,
      state: true,
      mask: [
        [1, 0, 1, 1],
        [0, 1, 1, 0],
      ],
      inputDropout: true,
      recurrentDropout: true,
    });
    const tensors = [...Object.values(inputs).flat()] as tf.Tensor[];
    const before = tensors.map((tensor) => Array.from(tensor.dataSync()));
    tf.tidy(() => tf.grad((x) => lstmSequence({ ...inputs, x: x as tf.Tensor3D }, { goBackwards: true }).last)(inputs.x));
    expect(tensors.map((tensor) => Array.from(tensor.dataSync()))).toEqual(before);
    tf.dispose(tensors);
  });

  test('padding that is no number touches neither outputs nor gradients', () => {
    tf.tidy(() => {
      const inputs = caseInputs('lstm', plain);
      const mask = tf.tensor2d(
        [
          [0, 1, 1, 0],
          [1, 1, 0, 0],
        ],
        [2, 4],
        'bool',
      );
      const padding = tf.where(tf.expandDims(mask, 2), inputs.x, tf.fill([2, 4, 2], Number.NaN)) as tf.Tensor3D;
      const gradients = (x: tf.Tensor3D) =>
        tf.grads(
          (kernel, recurrentKernel) =>
            lstmSequence({ ...inputs, x, mask, kernel: kernel as tf.Tensor2D, recurrentKernel: recurrentKernel as tf.Tensor2D }).outputs,
        )([inputs.kernel, inputs.recurrentKernel]);
      for (const [i, expected] of gradients(inputs.x).entries()) expectClose(gradients(padding)[i] as tf.Tensor, expected);
      expectClose(lstmSequence({ ...inputs, x: padding, mask }).outputs, lstmSequence({ ...inputs, mask }).outputs);
    });
  });

  test('a mask computed from what is differentiated ends the gradient', () => {
    tf.tidy(() => {
      const inputs = caseInputs('lstm', plain);
      const masked = (x: tf.Tensor) =>
        lstmSequence({ ...inputs, x: x as tf.Tensor3D, mask: tf.any(tf.greater(x, -1), 2) as tf.Tensor2D }).last;
      const open = (x: tf.Tensor) => lstmSequence({ ...inputs, x: x as tf.Tensor3D }).last;
      expectClose(tf.grad(masked)(inputs.x), tf.grad(open)(inputs.x));
    });
  });

  test('trains a thousand stateful batches without leaving a tensor', () => {
    const inputs = caseInputs('lstm', plain);
    const kernel = tf.variable(inputs.kernel);
    let state = [tf.zeros([2, 3]), tf.zeros([2, 3])] as tf.Tensor2D[];
    const before = tf.memory().numTensors;
    for (let batch = 0; batch < 1000; batch++) {
      const entering = state;
      const { value, grads } = variableGradients(
        (keep) => {
          const result = lstmSequence({ ...inputs, kernel: kernel as unknown as tf.Tensor2D, state: entering });
          state = keep([...result.state]) as tf.Tensor2D[];
          return tf.mean(tf.square(result.last));
        },
        [kernel],
      );
      tf.dispose([value, Object.values(grads), entering]);
    }
    expect(tf.memory().numTensors).toBe(before);
    tf.dispose([Object.values(inputs), kernel, state]);
  });
});
