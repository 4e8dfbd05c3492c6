import { expect, test } from 'vitest';
import { CellstateError } from '../src/cellstate-error.ts';

test('the message holds code, expected, received, where and hint, a line each', () => {
  const error = new CellstateError('SHAPE_MISMATCH', 'The input has the wrong rank.', {
    expected: '[batch, time, features]',
    received: '[2, 3]',
    where: 'lstm_1, argument x',
    hint: 'Add a features axis: x.reshape([2, 3, 1]).',
  });
  expect(error.message).toMatchInlineSnapshot(`
    "The input has the wrong rank. [SHAPE_MISMATCH]
      expected: [batch, time, features]
      received: [2, 3]
      where: lstm_1, argument x
      hint: Add a features axis: x.reshape([2, 3, 1])."
  `);
});

test('it is an Error, with its fields and its cause', () => {
  const cause = new Error('underneath');
  const error = new CellstateError('NO_GRADIENT', 'This op has no gradient.', { received: 'Foo', cause });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'CellstateError', code: 'NO_GRADIENT', received: 'Foo', cause });
  expect(String(error)).toBe('CellstateError: This op has no gradient. [NO_GRADIENT]\n  received: Foo');
});

test('without details it says what went wrong and nothing else', () => {
  const error = new CellstateError('OUT_OF_SEATS', 'No.');
  expect(error.message).toBe('No. [OUT_OF_SEATS]');
  expect('cause' in error).toBe(false);
  expect(error).toMatchObject({ expected: undefined, received: undefined, where: undefined, hint: undefined });
});
