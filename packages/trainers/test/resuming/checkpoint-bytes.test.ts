import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromBytes, toBytes } from '../../src/checkpoint/checkpoint-bytes.ts';
import { sameSaved } from '../../src/checkpoint/saved.ts';
import { savedThings } from './draw-saved.ts';

describe('bytes of a checkpoint', () => {
  test('whatever can be saved comes back to the bit', () => {
    fc.assert(
      fc.property(savedThings, (saved) => {
        const back = fromBytes(toBytes(saved), 'here');
        expect(back).toEqual(saved);
        expect(sameSaved(back, saved)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test('numbers that JSON lacks, keys with a dollar, parts of larger arrays', () => {
    const part = Float32Array.of(1, 2, 3, 4).subarray(1, 3);
    const saved = { $array: [1], $number: 'NaN', n: [Number.NaN, Number.NEGATIVE_INFINITY, -0, 5e-324], part, empty: new Int32Array(0) };
    const back = fromBytes(toBytes(saved), 'here') as typeof saved;
    expect(back).toEqual(saved);
    expect(Object.is(back.n[2], -0)).toBe(true);
    expect([...back.part]).toEqual([2, 3]);
  });

  test('a key of every prototype is a key like others', () => {
    const saved = JSON.parse('{"__proto__": {"a": 1}, "constructor": 2}');
    const back = fromBytes(toBytes(saved), 'here') as Record<string, unknown>;
    expect(Object.keys(back)).toEqual(['__proto__', 'constructor']);
    expect(Object.getPrototypeOf(back)).toBe(Object.prototype);
  });

  test('any changed, missing or added byte is noticed', () => {
    const bytes = toBytes({ values: Float32Array.of(1, 2, 3), name: 'weights' });
    const outcome = (changed: Uint8Array) => {
      try {
        fromBytes(changed, 'here');
        return 'read';
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    expect(outcome(bytes)).toBe('read');
    for (let i = 0; i < bytes.length; i++) {
      const changed = bytes.slice();
      changed[i] ^= 1 << (i % 8);
      expect(outcome(changed), `byte ${i}`).toBe(i >= 8 && i < 12 ? 'CHECKPOINT_VERSION' : 'CHECKPOINT_CORRUPT');
    }
    for (let length = 0; length < bytes.length; length++) expect(outcome(bytes.subarray(0, length))).toBe('CHECKPOINT_CORRUPT');
    expect(outcome(Uint8Array.of(...bytes, 0))).toBe('CHECKPOINT_CORRUPT');
  });

  test('what a checkpoint says of a damaged file', () => {
    const bytes = toBytes({ a: 1 });
    bytes[bytes.length - 1] ^= 1;
    expect(() => fromBytes(bytes, 'runs/lstm')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The checkpoint is damaged. [CHECKPOINT_CORRUPT]
        expected: the bytes that save wrote
        received: its checksum does not fit
        where: runs/lstm
        hint: Resume from an older one; backupAndRestore({ doubleCheckpoint: true }) keeps two.]
    `);
    const newer = toBytes({ a: 1 });
    newer[8] = 9;
    expect(() => fromBytes(newer, 'runs/lstm')).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The checkpoint was written by another version of Cellstate. [CHECKPOINT_VERSION]
        expected: layout 1
        received: layout 9
        where: runs/lstm]
    `);
  });

  test.each([undefined, () => 1, new Map(), new Date(0), Symbol('a'), 1n, new Uint16Array(1)])('%s cannot be saved', (thing) => {
    expect(() => toBytes([thing] as never)).toThrowError(expect.objectContaining({ code: 'NOT_SAVABLE' }));
  });
});
