import { expect, test } from 'vitest';
import { describe, sameShape, size } from '../src/shape.ts';

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

test.each<[number[], number[], boolean]>([
  [[2, 3], [2, 3], true],
  [[], [], true],
  [[2, 3], [3, 2], false],
  [[2, 3], [2], false],
  [[2], [2, 1], false],
])('%j and %j are the same: %s', (a, b, same) => {
  expect(sameShape(a, b)).toBe(same);
});
