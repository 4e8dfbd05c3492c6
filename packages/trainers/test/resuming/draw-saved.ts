import fc from 'fast-check';
import type { Saved } from '../../src/checkpoint/saved.ts';

/** Anything that can be saved, nested a few levels deep. */
export const savedThings: fc.Arbitrary<Saved> = fc.letrec<{ saved: Saved }>((tie) => ({
  saved: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, true, false),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.float32Array({ maxLength: 5 }),
    fc.float64Array({ maxLength: 5 }),
    fc.int32Array({ maxLength: 5 }),
    fc.uint8Array({ maxLength: 11 }),
    fc.array(tie('saved'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$array', '$number', '$entries')), tie('saved'), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
  ),
})).saved;
