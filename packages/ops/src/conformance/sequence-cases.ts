import type { SequenceOp } from '../kernel-contract.ts';

/** One configuration of a sequence op, as data; `caseInputs` makes its tensors. */
export interface SequenceCase {
  readonly name: string;
  readonly batch: number;
  readonly time: number;
  readonly features: number;
  readonly units: number;
  /** Default true. */
  readonly bias?: boolean;
  /** Start from a state. Default false. */
  readonly state?: boolean;
  /** A row of 0 and 1 for each row of the batch. Absent: no mask. */
  readonly mask?: readonly (readonly number[])[];
  readonly goBackwards?: boolean;
  readonly zeroOutputForMask?: boolean;
  readonly inputDropout?: boolean;
  readonly recurrentDropout?: boolean;
  /** Of a GRU. Default true. */
  readonly resetAfter?: boolean;
}

const small = { batch: 2, time: 4, features: 2, units: 3 };
const four = { batch: 4, time: 5, features: 3, units: 5 };

const hole = [
  [1, 1, 0, 1],
  [1, 0, 1, 1],
];
const prefix = [
  [0, 1, 1, 1],
  [0, 0, 0, 1],
];
const suffix = [
  [1, 1, 0, 0],
  [1, 1, 1, 0],
];
const everything = [
  [1, 1, 1, 1, 1],
  [0, 0, 1, 0, 1],
  [0, 0, 0, 0, 0],
  [1, 0, 1, 1, 0],
];

/**
 * What every engine's fused sequence ops are held to: outputs, states and all gradients must agree with the reference to
 * 1e-5. Shapes with ones, odd units and sizes beyond any tile or block; masks with holes, masked prefixes and suffixes
 * and a fully masked row; initial states, both directions, dropout, and their combinations.
 */
export const SEQUENCE_CASES: readonly SequenceCase[] = [
  { name: 'plain', ...small },
  { name: 'the tutorial model: one row, one feature', batch: 1, time: 3, features: 1, units: 4 },
  { name: 'one of everything', batch: 1, time: 1, features: 1, units: 1 },
  { name: 'one step', batch: 3, time: 1, features: 2, units: 4 },
  { name: 'one row, odd units', batch: 1, time: 6, features: 3, units: 7 },
  { name: 'odd batch and units', batch: 3, time: 5, features: 5, units: 7 },
  { name: 'more features than units', batch: 2, time: 3, features: 19, units: 2 },
  { name: 'batch beyond a block of rows', batch: 67, time: 2, features: 2, units: 5 },
  { name: 'units beyond a block of depth', batch: 3, time: 2, features: 2, units: 131 },
  { name: 'steps beyond a block of depth', batch: 5, time: 53, features: 2, units: 3 },
  { name: 'no bias', ...small, bias: false },
  { name: 'initial state', ...small, state: true },
  { name: 'initial state, one row', ...small, batch: 1, state: true },
  { name: 'backwards', ...small, goBackwards: true },
  { name: 'backwards from a state', ...four, goBackwards: true, state: true },
  { name: 'mask with holes', ...small, mask: hole },
  { name: 'masked prefix', ...small, mask: prefix },
  { name: 'masked prefix from a state: outputs are zero before the first real step', ...small, mask: prefix, state: true },
  { name: 'masked suffix', ...small, mask: suffix },
  { name: 'every mask and a fully masked row', ...four, mask: everything },
  { name: 'every mask from a state', ...four, mask: everything, state: true },
  { name: 'every mask, backwards from a state', ...four, mask: everything, goBackwards: true, state: true },
  { name: 'every mask, zero outputs', ...four, mask: everything, zeroOutputForMask: true, state: true },
  { name: 'every mask, zero outputs, backwards', ...four, mask: everything, zeroOutputForMask: true, goBackwards: true },
  { name: 'masked row alone', ...small, batch: 1, mask: [[0, 1, 0, 1]], state: true },
  { name: 'zero outputs without a mask', ...small, zeroOutputForMask: true },
  { name: 'input dropout', ...small, inputDropout: true },
  { name: 'recurrent dropout', ...small, recurrentDropout: true },
  { name: 'both dropouts', ...four, inputDropout: true, recurrentDropout: true, state: true },
  { name: 'both dropouts, one row, no bias', ...small, batch: 1, inputDropout: true, recurrentDropout: true, bias: false },
  {
    name: 'everything at once',
    ...four,
    state: true,
    mask: everything,
    goBackwards: true,
    zeroOutputForMask: true,
    inputDropout: true,
    recurrentDropout: true,
  },
];

/**
 * The cases of one op: all of `SEQUENCE_CASES`, and for a GRU each again with `resetAfter: false`.
 *
 * @example
 * ```ts
 * import { SEQUENCE_CASES, sequenceCases } from '@cellstate/ops/conformance';
 *
 * sequenceCases('gru').length / SEQUENCE_CASES.length; // → 2
 * ```
 */
export function sequenceCases(op: SequenceOp): readonly SequenceCase[] {
  if (op !== 'gru') return SEQUENCE_CASES;
  return [...SEQUENCE_CASES, ...SEQUENCE_CASES.map((each) => ({ ...each, name: `${each.name}, reset before`, resetAfter: false }))];
}
