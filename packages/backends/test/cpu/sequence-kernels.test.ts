import '@tensorflow/tfjs-backend-cpu';
import { SEQUENCE_KERNELS, type SequenceInputs, type SequenceKernelAttributes, variableGradients } from '@cellstate/ops';
import { expectClose } from '@cellstate/testing';
import { expectGradientsMatch, expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { CPU_KERNEL_SETS } from './cpu-kernel-sets.ts';
import { RECURRENT_KINDS } from './recurrent-kinds.ts';

const plain = { name: 'plain', batch: 2, time: 4, features: 2, units: 3 };

const holes = [
  [0, 1, 0, 1],
  [1, 1, 1, 0],
];

const kinds = CPU_KERNEL_SETS.flatMap((kernels) => RECURRENT_KINDS.map((kind) => ({ ...kernels, ...kind })));

describe.each(kinds)('the fused $name $set, within TensorFlow.js', ({ register, ...kind }) => {
  beforeEach(register);

  test.each([{ mask: holes }, { mask: holes, inputDropout: true, recurrentDropout: true }])(
    'finite differences from a state, %o',
    (given) => {
      const { x, kernel, recurrentKernel, bias, state = [], ...rest } = kind.inputs({ ...plain, state: true, ...given });
      const list = [x, kernel, recurrentKernel, bias as tf.Tensor, ...state];
      expectGradientsMatch((...moved) => {
        const [movedX, movedKernel, movedRecurrent, movedBias, ...movedState] = moved;
        const inputs = { x: movedX, kernel: movedKernel, recurrentKernel: movedRecurrent, bias: movedBias, state: movedState, ...rest };
        const result = kind.run(inputs as SequenceInputs);
        return [result.outputs, result.last, ...result.state];
      }, list);
      tf.dispose([list, rest]);
    },
  );

  test('keeps its activations only while a gradient is recorded', () => {
    const seen: boolean[] = [];
    const kernelName = SEQUENCE_KERNELS[kind.op];
    const { kernelFunc } = tf.getKernel(kernelName, 'cpu');
    tf.unregisterKernel(kernelName, 'cpu');
    tf.registerKernel({
      kernelName,
      backendName: 'cpu',
      kernelFunc: (call) => {
        const made = kernelFunc(call) as tf.TensorInfo[];
        expect((made.at(-1)?.shape[0] ?? 0) > 0).toBe((call.attrs as unknown as SequenceKernelAttributes).keepReserve);
        seen.push((call.attrs as unknown as SequenceKernelAttributes).keepReserve);
        return made;
      },
    });
    expectNoLeak(() =>
      tf.tidy(() => {
        const inputs = kind.inputs(plain);
        kind.run(inputs);
        tf.grad((x) => kind.run({ ...inputs, x: x as tf.Tensor3D }).last)(inputs.x);
      }),
    );
    tf.unregisterKernel(kernelName, 'cpu');
    tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
    expect(seen).toEqual([false, true]);
  });

  test('changes none of its inputs', () => {
    const inputs = kind.inputs({
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
    tf.tidy(() => tf.grad((x) => kind.run({ ...inputs, x: x as tf.Tensor3D }, { goBackwards: true }).last)(inputs.x));
    expect(tensors.map((tensor) => Array.from(tensor.dataSync()))).toEqual(before);
    tf.dispose(tensors);
  });

  test('padding that is no number touches neither outputs nor gradients', () => {
    tf.tidy(() => {
      const inputs = kind.inputs({ ...plain, state: true });
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
        tf.grads((givenX, kernel, recurrentKernel, bias) => {
          const given = { ...inputs, x: givenX, mask, kernel, recurrentKernel, bias } as SequenceInputs;
          return kind.run(given).outputs;
        })([x, inputs.kernel, inputs.recurrentKernel, inputs.bias as tf.Tensor]);
      const received = gradients(padding);
      for (const [i, expected] of gradients(inputs.x).entries()) expectClose(received[i] as tf.Tensor, expected);
      const masked = kind.run({ ...inputs, mask });
      for (const [i, expected] of [masked.outputs, ...masked.state].entries()) {
        const padded = kind.run({ ...inputs, x: padding, mask });
        expectClose([padded.outputs, ...padded.state][i] as tf.Tensor, expected);
      }
    });
  });

  test('a mask computed from what is differentiated ends the gradient', () => {
    tf.tidy(() => {
      const inputs = kind.inputs(plain);
      const masked = (x: tf.Tensor) => kind.run({ ...inputs, x: x as tf.Tensor3D, mask: tf.any(tf.greater(x, -1), 2) as tf.Tensor2D }).last;
      const open = (x: tf.Tensor) => kind.run({ ...inputs, x: x as tf.Tensor3D }).last;
      expectClose(tf.grad(masked)(inputs.x), tf.grad(open)(inputs.x));
    });
  });

  test('a sequence cut anywhere, its state carried on, gives the outputs and states of the whole', () => {
    const size = fc.integer({ min: 1, max: 5 });
    const sizes = fc.record({ batch: size, time: fc.integer({ min: 2, max: 9 }), features: size, units: size });
    const cuts = sizes.chain((made) => fc.tuple(fc.constant(made), fc.integer({ min: 1, max: made.time - 1 })));
    fc.assert(
      fc.property(cuts, ([made, cut]) => {
        tf.tidy(() => {
          const inputs = kind.inputs({ name: 'whole', ...made, state: true });
          const whole = kind.run(inputs);
          const first = kind.run({ ...inputs, x: tf.slice(inputs.x, [0, 0, 0], [-1, cut, -1]) });
          const rest = kind.run({ ...inputs, x: tf.slice(inputs.x, [0, cut, 0]), state: first.state });
          expectClose(tf.concat([first.outputs, rest.outputs], 1), whole.outputs);
          for (const [i, state] of rest.state.entries()) expectClose(state, whole.state[i] as tf.Tensor);
        });
      }),
      { numRuns: 30 },
    );
  });

  test('trains a thousand stateful batches without leaving a tensor', () => {
    const inputs = kind.inputs(plain);
    const kernel = tf.variable(inputs.kernel);
    let state = Array.from({ length: kind.equations.states }, () => tf.zeros<tf.Rank.R2>([2, 3]));
    const before = tf.memory().numTensors;
    for (let batch = 0; batch < 1000; batch++) {
      const entering = state;
      const { value, grads } = variableGradients(
        (keep) => {
          const result = kind.run({ ...inputs, kernel: kernel as unknown as tf.Tensor2D, state: entering });
          state = keep([...result.state]);
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
