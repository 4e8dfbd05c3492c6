import { CellstateError, describe } from '@cellstate/core';
import type { Shape } from '../contract.ts';

/** An axis of a tensor of this rank, counted from its start. Throws `INVALID_AXIS` for the batch and for what is no axis. */
export function resolveAxis(axis: number, rank: number): number {
  const resolved = axis < 0 ? axis + rank : axis;
  if (Number.isInteger(resolved) && resolved >= 1 && resolved < rank) return resolved;
  throw new CellstateError('INVALID_AXIS', 'There is no such axis beside the batch.', {
    expected: rank < 2 ? 'an input with an axis beside the batch' : `1 to ${rank - 1}, or -1 to ${1 - rank}`,
    received: String(axis),
    where: 'axis',
  });
}

/** The lengths of these axes. Throws `SHAPE_MISMATCH` when one is open, since parameters need a length. */
export function fixedLengths(shape: Shape, axes: readonly number[]): number[] {
  return axes.map((axis) => {
    const length = shape[axis];
    if (typeof length === 'number') return length;
    throw new CellstateError('SHAPE_MISMATCH', `Axis ${axis} must have a fixed length.`, {
      expected: 'a number, since the layer has a parameter for each place along it',
      received: describe(shape),
      where: 'input',
    });
  });
}

/** The shape that lays a parameter over `axes` of a tensor: their lengths there, 1 elsewhere. */
export function alongAxes(shape: readonly number[], axes: readonly number[]): number[] {
  return shape.map((length, axis) => (axes.includes(axis) ? length : 1));
}
