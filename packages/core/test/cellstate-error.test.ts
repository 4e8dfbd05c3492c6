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
