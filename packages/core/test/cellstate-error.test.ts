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
  const error = new CellstateError('NO_GRADIENT', 'This op has no gradient.', {
    expected: 'an op that has one',
    received: 'Foo',
    where: 'loss',
    cause,
  });
  expect(error).toBeInstanceOf(Error);
  expect(error).toMatchObject({ name: 'CellstateError', code: 'NO_GRADIENT', received: 'Foo', cause });
  expect(String(error)).toBe(
    'CellstateError: This op has no gradient. [NO_GRADIENT]\n  expected: an op that has one\n  received: Foo\n  where: loss',
  );
});

test('hint and cause may be absent', () => {
  const error = new CellstateError('OUT_OF_SEATS', 'No.', { expected: 'a seat', received: 'none', where: 'hall' });
  expect(error.message).toBe('No. [OUT_OF_SEATS]\n  expected: a seat\n  received: none\n  where: hall');
  expect('cause' in error).toBe(false);
  expect(error.hint).toBeUndefined();
});

test('the rest may not', () => {
  // @ts-expect-error where it happened is missing
  expect(new CellstateError('OUT_OF_SEATS', 'No.', { expected: 'a seat', received: 'none' }).where).toBeUndefined();
});
