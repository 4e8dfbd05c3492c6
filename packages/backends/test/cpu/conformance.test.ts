import '../../src/cpu/register.ts';
import { fusedPath, lstmReference, lstmSequence } from '@cellstate/ops';
import { runCase, SEQUENCE_CASES } from '@cellstate/ops/conformance';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { describe, expect, test } from 'vitest';

describe('the fused LSTM of the cpu backend agrees with the reference', () => {
  test('it is the fused kernel that runs', () => {
    expect(fusedPath('lstm')).toBe('fused');
  });

  test.each(SEQUENCE_CASES.map((sequenceCase) => [sequenceCase.name, sequenceCase] as const))('%s', (_, sequenceCase) => {
    const received = expectNoLeak(() => runCase('lstm', { ...sequenceCase, run: lstmSequence }));
    const expected = runCase('lstm', { ...sequenceCase, run: lstmReference });
    expect(Object.keys(received)).toEqual(Object.keys(expected));
    for (const [name, values] of Object.entries(expected)) {
      expectClose(received[name] ?? [], values, { absolute: 1e-5, relative: 1e-5 });
    }
  });
});
