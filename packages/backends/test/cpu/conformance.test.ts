import '../../src/cpu/register.ts';
import {
  fusedPath,
  gruReference,
  gruSequence,
  lstmReference,
  lstmSequence,
  type SequenceOp,
  simpleRnnReference,
  simpleRnnSequence,
} from '@cellstate/ops';
import { runCase, sequenceCases } from '@cellstate/ops/conformance';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { describe, expect, test } from 'vitest';

const ops = [
  { op: 'lstm' as SequenceOp, run: lstmSequence, reference: lstmReference },
  { op: 'gru' as SequenceOp, run: gruSequence, reference: gruReference },
  { op: 'simpleRnn' as SequenceOp, run: simpleRnnSequence, reference: simpleRnnReference },
];

describe.each(ops)('the fused $op of the cpu backend agrees with the reference', ({ op, run, reference }) => {
  test('it is the fused kernel that runs', () => {
    expect(fusedPath(op)).toBe('fused');
    if (op === 'gru') expect(fusedPath(op, { resetAfter: false })).toBe('fused');
  });

  test.each(sequenceCases(op).map((sequenceCase) => [sequenceCase.name, sequenceCase] as const))('%s', (_, sequenceCase) => {
    const received = expectNoLeak(() => runCase(op, { ...sequenceCase, run }));
    const expected = runCase(op, { ...sequenceCase, run: reference });
    expect(Object.keys(received)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      expectClose(received[name] ?? [], values, { absolute: 1e-5, relative: 1e-5 });
    }
  });
});
