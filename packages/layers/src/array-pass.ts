import { size } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';

/** A value within a pass on plain arrays, and what flows back to it. The arrays are the same ones at every pass. */
export interface ArrayValue {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** The derivative of the loss by the values: a sum, to which each reader of the value adds. Zeros when a pass begins. */
  readonly gradient: Float32Array;
  /** Whether nobody reads the gradient, so that it need not be filled. Default false. */
  readonly constant?: boolean;
  /** The mask that comes with the value; null: none ever does. */
  readonly mask: ArrayMask | null;
}

/** Which steps of a value are real, if that is told. The array is the same one at every pass, and of every value that the mask is passed on to. */
export interface ArrayMask {
  /** Whether there is a mask in this pass: else every step is real. */
  given: boolean;
  /** `[batch, time]`, 0 for a step that is not real. */
  readonly values: Uint8Array;
}

/**
 * One pass of a layer on plain arrays and its way back, as a trainer runs it where the layer and the engine have such: no tensor is
 * made and no tape recorded, which for small models is most of the work.
 */
export interface ArrayPass {
  readonly output: ArrayValue;
  /** Reads the inputs and the state, fills the output and the next state. */
  forward(): void;
  /** Reads the output's gradient and adds to those of the inputs and of the parameters. */
  backward(): void;
}

/** What a layer makes its pass for. */
export interface ArrayPassContext {
  readonly training: boolean;
  readonly inputs: readonly ArrayValue[];
  /** The state that enters this call, each `[batch, …]`, and whether there is one: else the call starts from zero. */
  readonly state: EnteringState;
  /** The state that leaves, to be filled; empty for a layer without. */
  readonly nextState: readonly Float32Array[];
  /** The layer's own parameter. */
  parameter(name: string): Tensor;
  /** The sum to which the derivatives by a parameter are added; zeros when a pass begins. */
  gradient(parameter: Tensor): Float32Array;
}

export interface EnteringState {
  given: boolean;
  readonly arrays: readonly Float32Array[];
}

/** A new value of zeros. A layer leaves the mask of its output to `masking`. */
export function arrayValue(shape: readonly number[]): ArrayValue {
  const length = size(shape);
  return { shape, values: new Float32Array(length), gradient: new Float32Array(length), mask: null };
}

/** The same numbers under another shape, whose steps are others. */
export function reshaped(value: ArrayValue, shape: readonly number[]): ArrayValue {
  return { ...value, shape, mask: null };
}

/** A pass that changes nothing but the shape. */
export function reshapePass({ inputs }: ArrayPassContext, shape: readonly number[]): ArrayPass {
  return { output: reshaped(inputs[0] as ArrayValue, shape), forward: () => {}, backward: () => {} };
}

/** sum += values */
export function addTo(sum: Float32Array, values: Float32Array): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (values[i] as number);
}
