import { CellstateError, describe } from '@cellstate/core';
import type { TensorSpec } from '../contract.ts';

/**
 * The length of the last axis.
 *
 * @throws CellstateError `SHAPE_MISMATCH` when there is no input or no axis beside the batch, or when the length is open.
 */
export function lastAxis(input: TensorSpec | undefined): number {
  const length = input?.shape.at(-1);
  if (input !== undefined && input.shape.length >= 2 && typeof length === 'number') return length;
  throw new CellstateError('SHAPE_MISMATCH', 'The last axis must have a fixed length.', {
    expected: '[batch, …, features], features a number',
    received: input === undefined ? 'no input' : describe(input.shape),
    where: 'input',
  });
}

/**
 * Throws `SHAPE_MISMATCH` unless there is one input, of this rank (the batch counts).
 *
 * @param axes the axes in words: `[batch, time, features]`.
 */
export function checkRank(inputs: readonly TensorSpec[], rank: number, axes: string): TensorSpec {
  const [input] = inputs;
  if (inputs.length === 1 && input !== undefined && input.shape.length === rank) return input;
  throw new CellstateError('SHAPE_MISMATCH', `The input must have ${rank} axes.`, {
    expected: axes,
    received: inputs.map(({ shape }) => describe(shape)).join(' and ') || 'no input',
    where: 'input',
  });
}
