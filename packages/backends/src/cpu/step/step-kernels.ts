import { SEQUENCE_CELLS, type SequenceOp, STEP_KERNELS, type StepFactory } from '@cellstate/ops';
import type { KernelConfig, KernelFunc } from '@tensorflow/tfjs-core';
import { gruStep } from './gru-step.ts';
import { lstmStep } from './lstm-step.ts';
import { simpleRnnStep } from './simple-rnn-step.ts';

/**
 * Multiply-adds of a step up to which these loops are faster than a sequence of one step: about a nanosecond each, against the
 * time that tensors and dispatch take.
 */
const MOST_PRODUCTS = 2 ** 16;

const STEPS = { lstm: lstmStep, gru: gruStep, simpleRnn: simpleRnnStep } as const;

/** `LSTMStep`, `GRUStep` and `SimpleRNNStep` for a backend, as the step contract of `@cellstate/ops` has them. */
export function stepKernels(backendName: string): readonly KernelConfig[] {
  return (Object.keys(STEPS) as SequenceOp[]).map((op) => ({
    kernelName: STEP_KERNELS[op],
    backendName,
    kernelFunc: factory(op) as unknown as KernelFunc,
  }));
}

function factory(op: SequenceOp): StepFactory {
  return (sizes) => {
    const { lanes, features, units } = sizes;
    const products = lanes * (features + units) * SEQUENCE_CELLS[op].gates * units;
    return products > MOST_PRODUCTS ? undefined : STEPS[op](sizes);
  };
}
