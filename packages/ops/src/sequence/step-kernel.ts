import * as tf from '@tensorflow/tfjs-core';
import type { GruOptions } from '../contract.ts';
import type { SequenceOp } from '../kernel-contract.ts';
import { STEP_KERNELS, type StepFactory, type StepKernel, type StepSizes } from '../step-contract.ts';
import { fusedPath } from './fused-path.ts';

/**
 * One step of a cell on plain arrays, where the current engine has one for these options and sizes.
 *
 * @param op which cell.
 * @param options `lanes`, `features`, `units`, and the options of the sequence op: activations (default tanh and sigmoid),
 * `resetAfter` of a GRU (default true).
 * @returns a function that replaces the states in place, or undefined: then run a sequence of one step.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { stepKernel } from '@cellstate/ops';
 *
 * stepKernel('lstm', { lanes: 1, features: 2, units: 32 }); // → undefined
 * ```
 */
export function stepKernel(op: SequenceOp, options: StepSizes & GruOptions): StepKernel | undefined {
  const { lanes, features, units, ...sequenceOptions } = options;
  if (fusedPath(op, sequenceOptions) === 'reference') return undefined;
  const config = tf.getKernel(STEP_KERNELS[op], tf.getBackend());
  const factory = config?.kernelFunc as unknown as StepFactory | undefined;
  return factory?.({ lanes, features, units, resetAfter: options.resetAfter ?? true });
}

/**
 * Changes with whatever `stepKernel` would answer differently on: the engine, and which of its step kernels are registered.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { stepEngine } from '@cellstate/ops';
 *
 * const engine = stepEngine();
 * stepEngine() === engine; // → true
 * ```
 */
export function stepEngine(): string {
  const backend = tf.getBackend();
  const names = Object.values(STEP_KERNELS).filter((name) => tf.getKernel(name, backend) !== undefined);
  return `${backend} ${names.join(' ')}`;
}
