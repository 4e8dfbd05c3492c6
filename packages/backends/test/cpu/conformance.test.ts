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
import { type CaseResult, runCase, sequenceCases } from '@cellstate/ops/conformance';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { unregisterCpuKernels } from '../../src/cpu/index.ts';
import { CPU_KERNEL_SETS } from './cpu-kernel-sets.ts';

const ops = [
  { op: 'lstm' as SequenceOp, run: lstmSequence, reference: lstmReference },
  { op: 'gru' as SequenceOp, run: gruSequence, reference: gruReference },
  { op: 'simpleRnn' as SequenceOp, run: simpleRnnSequence, reference: simpleRnnReference },
];

beforeAll(() => tf.setBackend('cpu'));

const references = new Map<string, CaseResult>();

describe.each(CPU_KERNEL_SETS)('the fused kernels $set agree with the reference', ({ register }) => {
  describe.each(ops)('$op', ({ op, run, reference }) => {
    /** The reference on TensorFlow.js' own kernels, once for all sets. */
    function expectedOf(sequenceCase: ReturnType<typeof sequenceCases>[number]): CaseResult {
      const key = `${op} ${sequenceCase.name}`;
      const known = references.get(key);
      if (known !== undefined) return known;
      unregisterCpuKernels();
      const made = runCase(op, { ...sequenceCase, run: reference });
      references.set(key, made);
      return made;
    }

    test('it is the fused kernel that runs', async () => {
      await register();
      expect(fusedPath(op)).toBe('fused');
      if (op === 'gru') expect(fusedPath(op, { resetAfter: false })).toBe('fused');
    });

    test.each(sequenceCases(op).map((sequenceCase) => [sequenceCase.name, sequenceCase] as const))('%s', async (_, sequenceCase) => {
      const expected = expectedOf(sequenceCase);
      await register();
      const received = expectNoLeak(() => runCase(op, { ...sequenceCase, run }));
      expect(Object.keys(received)).toEqual(Object.keys(expected));
      for (const [name, values] of Object.entries(expected)) {
        expectClose(received[name] ?? [], values, { absolute: 1e-5, relative: 1e-5 });
      }
    });
  });
});
