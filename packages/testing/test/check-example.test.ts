import { expect, test } from 'vitest';
import { checkExample } from '../src/check-example.ts';

test('a result that is as stated passes', async () => {
  await checkExample(async () => [1, 2], { kind: 'equal', expected: '[1, 2]', line: 3 });
  await checkExample(async () => 0.4321, { kind: 'near', expected: '0.43', line: 3 });
});

test('another result is told with its line', async () => {
  const check = checkExample(async () => [1, 3], { kind: 'equal', expected: '[1, 2]', line: 3 });
  await expect(check).rejects.toThrow('Line 3: at [1]: expected 2, received 3.');
});

test('a stated error is awaited by its code', async () => {
  const fail = async () => Promise.reject(Object.assign(new Error('No.'), { code: 'SHAPE_MISMATCH' }));
  await checkExample(fail, { kind: 'throws', expected: 'SHAPE_MISMATCH', line: 3 });
  await expect(checkExample(fail, { kind: 'throws', expected: 'BAD_UNITS', line: 3 })).rejects.toThrow(
    'Line 3: expected it to throw BAD_UNITS, it threw SHAPE_MISMATCH.',
  );
  await expect(checkExample(async () => 1, { kind: 'throws', expected: 'BAD_UNITS', line: 4 })).rejects.toThrow('it threw nothing.');
});
