import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * One inference step of a layer on plain arrays, as a stream runs it where the engine has such steps: no tensor is made, and
 * the arrays are the same ones at every step.
 */
export interface ArrayStep {
  /** `[lanes, width]`, filled by `run`. */
  readonly output: Float32Array;
  /** Reads the inputs, replaces the state, fills the output. */
  run(): void;
}

/** What a layer makes its step for. */
export interface ArrayStepContext {
  readonly lanes: number;
  /** The arrays its inputs will be in, each `[lanes, width]`. */
  readonly inputs: readonly Float32Array[];
  /** The state of this call, each `[lanes, …]`; empty for a layer without. */
  readonly state: readonly Float32Array[];
  /** The layer's own parameter. */
  parameter(name: string): Tensor;
}

/** The step of a layer that does nothing outside training. */
export function identityStep({ inputs }: ArrayStepContext): ArrayStep {
  return { output: inputs[0] as Float32Array, run: () => {} };
}
