import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, describe, expect, test } from 'vitest';
import { caseInputs } from '../../src/conformance/index.ts';
import {
  fusedPath,
  gruSequence,
  lstmSequence,
  SEQUENCE_CELLS,
  SEQUENCE_GRADIENTS,
  SEQUENCE_KERNEL_OUTPUTS,
  SEQUENCE_KERNELS,
  type SequenceInputs,
  type SequenceOp,
  type SequenceResult,
  simpleRnnSequence,
} from '../../src/index.ts';

interface Call {
  readonly kernel: string;
  readonly inputs: Record<string, readonly number[]>;
  readonly attributes: Record<string, unknown>;
}

const ops: Record<SequenceOp, (inputs: SequenceInputs, options?: object) => SequenceResult> = {
  lstm: lstmSequence,
  gru: gruSequence,
  simpleRnn: simpleRnnSequence,
};

const sizes = { name: 'recorded', batch: 2, time: 4, features: 3, units: 5 };
const mask = [
  [1, 0, 1, 1],
  [1, 1, 1, 0],
];

/** An engine that computes nothing: its kernels write down what they are handed, and give constants of the right shapes. */
function recordKernels(op: SequenceOp): Call[] {
  const calls: Call[] = [];
  const { gates } = SEQUENCE_CELLS[op];
  const { batch, time, features, units } = sizes;
  const width = gates * units;
  const state = [batch, units];
  const shapes: Record<string, number[]> = { outputs: [batch, time, units], last: state, hidden: state, cell: state, reserve: [7] };
  const gradientShapes: Record<string, number[]> = {
    x: [batch, time, features],
    kernel: [features, width],
    recurrentKernel: [units, width],
    bias: op === 'gru' ? [2, width] : [width],
    hidden: state,
    cell: state,
  };
  const register = (kernelName: string, made: (number[] | undefined)[]) =>
    tf.registerKernel({
      kernelName,
      backendName: 'cpu',
      kernelFunc: ({ inputs, attrs }) => {
        const given = Object.entries(inputs).filter(([, info]) => info !== undefined);
        const shapesGiven = Object.fromEntries(given.map(([name, info]) => [name, (info as tf.TensorInfo).shape]));
        calls.push({ kernel: kernelName, inputs: shapesGiven, attributes: attrs as Record<string, unknown> });
        return made.map((shape, i) => tf.fill(shape as number[], i + 1));
      },
    });
  register(
    SEQUENCE_KERNELS[op],
    SEQUENCE_KERNEL_OUTPUTS[op].map((name) => shapes[name]),
  );
  register(
    `${SEQUENCE_KERNELS[op]}Grad`,
    SEQUENCE_GRADIENTS[op].map((name) => gradientShapes[name]),
  );
  return calls;
}

afterEach(() => {
  for (const kernel of Object.values(SEQUENCE_KERNELS)) {
    for (const name of [kernel, `${kernel}Grad`]) if (tf.getKernel(name, 'cpu')) tf.unregisterKernel(name, 'cpu');
  }
});

describe.each(Object.entries(ops) as [SequenceOp, (typeof ops)[SequenceOp]][])('what the kernels of %s are handed', (op, run) => {
  const { gates, states } = SEQUENCE_CELLS[op];
  const always = { x: [2, 4, 3], kernel: [3, 5 * gates], recurrentKernel: [5, 5 * gates] };
  const ofGru = op === 'gru' ? { resetAfter: true } : {};

  test('nothing that the caller left out', () => {
    const calls = recordKernels(op);
    expect(fusedPath(op)).toBe('fused');
    expectNoLeak(() => tf.tidy(() => void run(caseInputs(op, { ...sizes, bias: false }))));
    const absent = { hasBias: false, hasState: false, hasMask: false, hasInputDropout: false, hasRecurrentDropout: false };
    const attributes = { ...absent, goBackwards: false, zeroOutputForMask: false, keepReserve: false, ...ofGru };
    expect(calls).toEqual([{ kernel: SEQUENCE_KERNELS[op], inputs: always, attributes }]);
  });

  test('everything that is there, and the same attributes to the gradient', () => {
    const calls = recordKernels(op);
    const given = { ...sizes, state: true, mask, inputDropout: true, recurrentDropout: true };
    const gradients = expectNoLeak(() =>
      tf.tidy(() => {
        const inputs = caseInputs(op, given);
        const wanted = [inputs.x, inputs.kernel, inputs.recurrentKernel, inputs.bias as tf.Tensor, ...(inputs.state ?? [])];
        const found = tf.grads((...all) => {
          const [x, kernel, recurrentKernel, bias, ...state] = all;
          const moved = { ...inputs, x, kernel, recurrentKernel, bias, state } as SequenceInputs;
          return run(moved, { goBackwards: true, zeroOutputForMask: true }).last;
        })(wanted);
        return found.map((gradient) => gradient.dataSync()[0]);
      }),
    );
    const perState = Object.fromEntries(states.map((name) => [name, [2, 5]]));
    const bias = op === 'gru' ? [2, 15] : [5 * gates];
    const optional = { bias, ...perState, mask: [2, 4], inputDropout: [gates, 2, 3], recurrentDropout: [gates, 2, 5] };
    const present = { hasBias: true, hasState: true, hasMask: true, hasInputDropout: true, hasRecurrentDropout: true };
    const attributes = { ...present, goBackwards: true, zeroOutputForMask: true, keepReserve: true, ...ofGru };
    const above = { dOutputs: [2, 4, 5], dLast: [2, 5], dHidden: [2, 5], ...(op === 'lstm' ? { dCell: [2, 5] } : {}) };
    expect(calls).toEqual([
      { kernel: SEQUENCE_KERNELS[op], inputs: { ...always, ...optional }, attributes },
      { kernel: `${SEQUENCE_KERNELS[op]}Grad`, inputs: { ...always, reserve: [7], ...above }, attributes },
    ]);
    expect(gradients, 'each gradient reaches the input it belongs to').toEqual(SEQUENCE_GRADIENTS[op].map((_, i) => i + 1));
  });

  test('without the kernel of the gradient the reference runs', () => {
    const calls = recordKernels(op);
    tf.unregisterKernel(`${SEQUENCE_KERNELS[op]}Grad`, 'cpu');
    expect(fusedPath(op)).toBe('reference');
    tf.tidy(() => void run(caseInputs(op, sizes)));
    expect(calls).toEqual([]);
  });
});

test('a GRU that resets before the product says so to its kernel', () => {
  const calls = recordKernels('gru');
  tf.tidy(() => void gruSequence(caseInputs('gru', { ...sizes, resetAfter: false }), { resetAfter: false }));
  expect(calls.map(({ attributes, inputs }) => [attributes.resetAfter, inputs.bias])).toEqual([[false, [15]]]);
});
