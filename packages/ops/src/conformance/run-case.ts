import '../register.ts';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { GruOptions, SequenceInputs, SequenceResult } from '../contract.ts';
import type { SequenceOp } from '../kernel-contract.ts';
import { caseInputs, values } from './case-inputs.ts';
import type { SequenceCase } from './sequence-cases.ts';

/** A sequence op or its reference. */
export type SequenceFunction = (inputs: SequenceInputs, options: GruOptions) => SequenceResult;

/** Flat values by name: `outputs`, `last`, `state 0`, …, and `gradient of x`, `gradient of kernel`, …. */
export type CaseResult = Readonly<Record<string, Float32Array>>;

/**
 * Runs one case on the current backend, forward and backward, and reads everything back; leaves no tensor behind.
 *
 * The gradients are those of Σ w · y over outputs, last output and states, with uneven weights w, for every input but the
 * mask and the dropout factors.
 *
 * @param run the op under test, or the reference to compare with: `lstmSequence`, `lstmReference`.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { lstmReference } from '@cellstate/ops';
 * import { runCase, SEQUENCE_CASES } from '@cellstate/ops/conformance';
 *
 * const [plain] = SEQUENCE_CASES;
 * if (plain) Object.keys(runCase('lstm', { ...plain, run: lstmReference })).length; // → 8
 * ```
 */
export function runCase(op: SequenceOp, { run, ...sequenceCase }: SequenceCase & { readonly run: SequenceFunction }): CaseResult {
  const read: Record<string, Float32Array> = {};
  tf.tidy(() => {
    const inputs = caseInputs(op, sequenceCase);
    const { goBackwards = false, zeroOutputForMask = false, resetAfter } = sequenceCase;
    const options = { goBackwards, zeroOutputForMask, ...(resetAfter === undefined ? {} : { resetAfter }) };
    for (const [name, tensor] of results(run(inputs, options))) read[name] = tensor.dataSync<'float32'>();
    const wanted = differentiable(inputs);
    const gradients = tf.grads((...given: Tensor[]) => {
      const outputs = results(run(replaced(inputs, wanted, given), options));
      return tf.addN(outputs.map(([, tensor], i) => tf.sum(tf.mul(tensor, tf.tensor(values(tensor.shape, 8 + i), tensor.shape)))));
    })(wanted.map(([, tensor]) => tensor));
    for (const [i, gradient] of gradients.entries()) read[`gradient of ${wanted[i]?.[0]}`] = gradient.dataSync<'float32'>();
  });
  return read;
}

function results({ outputs, last, state }: SequenceResult): [string, Tensor][] {
  return [['outputs', outputs], ['last', last], ...state.map((tensor, i): [string, Tensor] => [`state ${i}`, tensor])];
}

function differentiable({ x, kernel, recurrentKernel, bias, state }: SequenceInputs): [string, Tensor][] {
  const states = (state ?? []).map((tensor, i): [string, Tensor] => [`state ${i}`, tensor]);
  return [
    ['x', x],
    ['kernel', kernel],
    ['recurrentKernel', recurrentKernel],
    ...(bias ? [['bias', bias] as [string, Tensor]] : []),
    ...states,
  ];
}

function replaced(inputs: SequenceInputs, wanted: readonly [string, Tensor][], given: readonly Tensor[]): SequenceInputs {
  const states = given.filter((_, i) => wanted[i]?.[0].startsWith('state '));
  const others = wanted.flatMap(([name], i) => (name.startsWith('state ') ? [] : [[name, given[i]] as const]));
  return { ...inputs, ...Object.fromEntries(others), ...(inputs.state ? { state: states } : {}) } as SequenceInputs;
}
