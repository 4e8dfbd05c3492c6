import type { SequenceOp } from '@cellstate/ops';

/** What tells one cell from another in memory, as `assembly/sequence.ts` explains it. */
export interface SequenceKind {
  readonly op: SequenceOp;
  /** Its number in the kernels. */
  readonly number: number;
  readonly parts: number;
  /** Gates beside each other in the kernels. */
  readonly gates: number;
  readonly states: 1 | 2;
  readonly biasRows: 1 | 2;
  /** Whether a step keeps a number for each unit besides its gates. */
  readonly keeps: boolean;
  /** Whether all parts are multiplied with the same, or each with its own even without dropout. */
  readonly sees: 'same' | 'each';
}

export const LSTM: SequenceKind = { op: 'lstm', number: 0, parts: 4, gates: 4, states: 2, biasRows: 1, keeps: true, sees: 'same' };

/** The GRU whose reset gate applies after the recurrent product. */
export const GRU_AFTER: SequenceKind = { op: 'gru', number: 1, parts: 4, gates: 3, states: 1, biasRows: 2, keeps: false, sees: 'same' };

/** The GRU whose reset gate applies before it. */
export const GRU_BEFORE: SequenceKind = { op: 'gru', number: 2, parts: 3, gates: 3, states: 1, biasRows: 1, keeps: true, sees: 'each' };

export const SIMPLE_RNN: SequenceKind = {
  op: 'simpleRnn',
  number: 3,
  parts: 1,
  gates: 1,
  states: 1,
  biasRows: 1,
  keeps: false,
  sees: 'same',
};
