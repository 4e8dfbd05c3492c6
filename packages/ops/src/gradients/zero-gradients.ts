import * as tf from '@tensorflow/tfjs-core';

/**
 * Operations whose outputs are integers or booleans, with their inputs: a step function everywhere, so the gradient is
 * zero, as TensorFlow has it. What tfjs-core defines itself (GreaterEqual, ArgMax, ArgMin, IsNan, …) is not repeated.
 */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  All: ['x'],
  Any: ['x'],
  BitwiseAnd: ['a', 'b'],
  Equal: ['a', 'b'],
  Greater: ['a', 'b'],
  Less: ['a', 'b'],
  LessEqual: ['a', 'b'],
  LogicalAnd: ['a', 'b'],
  LogicalNot: ['x'],
  LogicalOr: ['a', 'b'],
  Multinomial: ['logits'],
  NonMaxSuppressionV3: ['boxes', 'scores'],
  NotEqual: ['a', 'b'],
  SearchSorted: ['sortedSequence', 'values'],
};

/** Zero gradients of comparisons, logical and other operations with integer or boolean outputs. */
export const zeroGradients: readonly tf.GradConfig[] = Object.entries(STEPS).map(([kernelName, inputs]) =>
  zeroGradient(kernelName, inputs),
);

/** Gradient of `floorDiv`: zero. Replaces tfjs-core's, which is that of the division without the floor. */
export const floorDivGradient: tf.GradConfig = zeroGradient(tf.FloorDiv, ['a', 'b']);

function zeroGradient(kernelName: string, inputs: readonly string[]): tf.GradConfig {
  return {
    kernelName,
    inputsToSave: [...inputs],
    gradFunc: (_dy, saved) => Object.fromEntries(inputs.map((input, i) => [input, () => tf.zeros((saved[i] as tf.Tensor).shape)])),
  };
}
