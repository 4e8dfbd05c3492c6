import { expect, test } from 'vitest';
import { describe, size } from '../src/shape.ts';

test.each([
  [[null, 3, 1], '[null, 3, 1]'],
  [[], '[]'],
])('%j reads %s', (shape, text) => {
  expect(describe(shape)).toBe(text);
});

test.each([
  [[2, 3, 4], 24],
  [[5, 0], 0],
  [[], 1],
])('%j holds %d values', (shape, count) => {
  expect(size(shape)).toBe(count);
});
