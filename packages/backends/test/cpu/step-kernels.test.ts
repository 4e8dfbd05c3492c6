import { gruReference, lstmReference, type SequenceOp, simpleRnnReference, stepEngine, stepKernel } from '@cellstate/ops';
import { caseInputs } from '@cellstate/ops/conformance';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import type { Tensor } from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { registerCpuKernels, unregisterCpuKernels } from '../../src/cpu/index.ts';

const kinds: [name: string, op: SequenceOp, reference: typeof gruReference, options: { resetAfter?: boolean }][] = [
  ['lstm', 'lstm', lstmReference, {}],
  ['gru', 'gru', gruReference, {}],
  ['gru, reset before', 'gru', gruReference, { resetAfter: false }],
  ['simpleRnn', 'simpleRnn', simpleRnnReference, {}],
];

const SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 12, 17];

beforeAll(() => void registerCpuKernels());
afterAll(unregisterCpuKernels);

test.each(kinds)('a step of %s is the reference over one step', (_, op, reference, options) => {
  expectNoLeak(() => {
    for (const [i, units] of SIZES.entries()) {
      for (const bias of [true, false]) {
        const sizes = { lanes: 1 + (i % 3), features: SIZES[SIZES.length - 1 - i] as number, units };
        compare(op, { reference, options, sizes, bias });
      }
    }
  });
});

test('there is a step only for what it computes, and up to a size', () => {
  const sizes = { lanes: 1, features: 2, units: 32 };
  expect(stepKernel('lstm', sizes)).toBeTypeOf('function');
  expect(stepKernel('lstm', { ...sizes, units: 512 })).toBeUndefined();
  expect(stepKernel('lstm', { ...sizes, lanes: 1000 })).toBeUndefined();
  expect(stepKernel('lstm', { ...sizes, activation: { name: 'relu', apply: (x) => x } })).toBeUndefined();
  const engine = stepEngine();
  unregisterCpuKernels();
  expect(stepKernel('lstm', sizes)).toBeUndefined();
  expect(stepEngine()).not.toBe(engine);
  registerCpuKernels();
  expect(stepEngine()).toBe(engine);
});

interface Compared {
  readonly reference: typeof gruReference;
  readonly options: { readonly resetAfter?: boolean };
  readonly sizes: { readonly lanes: number; readonly features: number; readonly units: number };
  readonly bias: boolean;
}

function compare(op: SequenceOp, { reference, options, sizes, bias }: Compared): void {
  const { lanes, features, units } = sizes;
  const inputs = caseInputs(op, { name: '', batch: lanes, time: 1, features, units, bias, state: true, ...options });
  const values = (tensor: Tensor) => tensor.dataSync<'float32'>().slice();
  const state = (inputs.state ?? []).map(values);
  stepKernel(op, { ...sizes, ...options })?.({
    x: values(inputs.x),
    kernel: values(inputs.kernel),
    recurrentKernel: values(inputs.recurrentKernel),
    bias: inputs.bias === undefined ? undefined : values(inputs.bias),
    state,
  });
  const expected = reference(inputs, options);
  expectClose(state[0] ?? [], expected.last, { absolute: 2e-6 });
  for (const [i, tensor] of expected.state.entries()) expectClose(state[i] ?? [], tensor, { absolute: 2e-6 });
  for (const tensor of [inputs.x, inputs.kernel, inputs.recurrentKernel, ...(inputs.bias ? [inputs.bias] : []), ...(inputs.state ?? [])]) {
    tensor.dispose();
  }
  for (const tensor of [expected.outputs, expected.last, ...expected.state]) tensor.dispose();
}
