import { gruSequence, lstmSequence, type SequenceInputs, type SequenceOp, type SequenceResult, simpleRnnSequence } from '@cellstate/ops';
import { caseInputs, type SequenceCase } from '@cellstate/ops/conformance';
import { type Equations, gruOracle, lstmOracle, simpleRnnOracle } from '@cellstate/testing';

/** One of the cells that this engine has kernels for, with the op that runs it and the float64 equations it must agree with. */
export interface RecurrentKind {
  readonly name: string;
  readonly op: SequenceOp;
  readonly equations: Equations;
  readonly biasRows: 1 | 2;
  run(inputs: SequenceInputs, options?: Direction): SequenceResult;
  /** The tensors of a conformance case; the caller's. */
  inputs(sequenceCase: SequenceCase): SequenceInputs;
}

interface Direction {
  readonly goBackwards?: boolean;
  readonly zeroOutputForMask?: boolean;
}

export const RECURRENT_KINDS: readonly RecurrentKind[] = [
  {
    name: 'LSTM',
    op: 'lstm',
    equations: lstmOracle(),
    biasRows: 1,
    run: lstmSequence,
    inputs: (sequenceCase) => caseInputs('lstm', sequenceCase),
  },
  {
    name: 'GRU',
    op: 'gru',
    equations: gruOracle(),
    biasRows: 2,
    run: gruSequence,
    inputs: (sequenceCase) => caseInputs('gru', sequenceCase),
  },
  {
    name: 'GRU, reset before',
    op: 'gru',
    equations: gruOracle({ resetAfter: false }),
    biasRows: 1,
    run: (inputs, options) => gruSequence(inputs, { ...options, resetAfter: false }),
    inputs: (sequenceCase) => caseInputs('gru', { ...sequenceCase, resetAfter: false }),
  },
  {
    name: 'SimpleRNN',
    op: 'simpleRnn',
    equations: simpleRnnOracle(),
    biasRows: 1,
    run: simpleRnnSequence,
    inputs: (sequenceCase) => caseInputs('simpleRnn', sequenceCase),
  },
];
