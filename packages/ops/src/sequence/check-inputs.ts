import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { SequenceInputs } from '../contract.ts';
import { SEQUENCE_CELLS, type SequenceOp } from '../kernel-contract.ts';

/** What tells one sequence op from another, as far as shapes go. */
export interface SequenceShape {
  readonly op: SequenceOp;
  /** Whether the bias is `[2, G · units]`. */
  readonly twoBiases?: boolean;
}

/**
 * Throws unless every input of a sequence op has the shape the contract says.
 *
 * @throws CellstateError `SHAPE_MISMATCH` or `DTYPE_MISMATCH`, naming the input.
 */
export function checkSequenceInputs(inputs: SequenceInputs, { op, twoBiases = false }: SequenceShape): void {
  const { x, kernel, recurrentKernel } = inputs;
  const { gates, states } = SEQUENCE_CELLS[op];
  if (x.rank !== 3 || x.shape[1] === 0) mismatch(x, '[batch, time, features], at least one step', `${op}Sequence, input x`);
  const [batch, time, features] = x.shape;
  const units = recurrentKernel.shape[0];
  const check = (name: string, tensor: Tensor | undefined, shape: readonly number[]): void => {
    if (tensor === undefined) return;
    const where = `${op}Sequence, input ${name}`;
    if (tensor.rank !== shape.length || shape.some((length, axis) => tensor.shape[axis] !== length))
      mismatch(tensor, describe(shape), where);
    if (tensor.dtype !== 'float32' && name !== 'mask') wrongType(tensor, where);
  };
  check('x', x, x.shape);
  check('recurrentKernel', recurrentKernel, [units, gates * units]);
  check('kernel', kernel, [features, gates * units]);
  check('bias', inputs.bias, twoBiases ? [2, gates * units] : [gates * units]);
  check('mask', inputs.mask, [batch, time]);
  check('inputDropout', inputs.inputDropout, [gates, batch, features]);
  check('recurrentDropout', inputs.recurrentDropout, [gates, batch, units]);
  if (inputs.state !== undefined && inputs.state.length !== states.length) {
    throw new CellstateError('SHAPE_MISMATCH', 'The state has the wrong number of tensors.', {
      expected: String(states.length),
      received: String(inputs.state.length),
      where: `${op}Sequence, input state`,
    });
  }
  for (const [i, state] of inputs.state?.entries() ?? []) check(`state[${i}]`, state, [batch, units]);
}

function mismatch(tensor: Tensor, expected: string, where: string): never {
  throw new CellstateError('SHAPE_MISMATCH', 'An input of the sequence op has the wrong shape.', {
    expected,
    received: describe(tensor.shape),
    where,
  });
}

function wrongType(tensor: Tensor, where: string): never {
  throw new CellstateError('DTYPE_MISMATCH', 'An input of the sequence op has the wrong type.', {
    expected: 'float32',
    received: tensor.dtype,
    where,
    hint: "Convert it with tf.cast(x, 'float32').",
  });
}
