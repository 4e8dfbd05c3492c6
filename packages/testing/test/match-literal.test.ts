import { expect, test } from 'vitest';
import { matchLiteral } from '../src/match-literal.ts';
import { parseLiteral } from '../src/parse-literal.ts';

const match = (received: unknown, literal: string, rounded = false) => matchLiteral(received, parseLiteral(literal), { rounded });

test.each([
  [Math.fround(0.1), '0.1'],
  [Float32Array.of(1, Math.fround(0.2)), '[1, 0.2]'],
  [{ shape: [1, 2], toNested: () => [[3, 4]] }, '[[3, 4]]'],
  [{ loss: 0.5, call: () => 1, absent: undefined }, '{ loss: 0.5 }'],
  [[{ name: 'a' }], "[{ name: 'a' }]"],
  [Number.NaN, 'NaN'],
  [undefined, 'undefined'],
])('%j equals %s', (received, literal) => {
  expect(match(received, literal)).toBeUndefined();
});

test.each([
  [0.10001, '0.1', 'expected 0.1, received 0.10001'],
  [[1, [2, 4]], '[1, [2, 3]]', 'at [1][1]: expected 3, received 4'],
  [[1], '[1, 2]', 'expected 2 elements, received 1: [1]'],
  [{ a: 1, b: 2 }, '{ a: 1 }', 'expected the keys a, received a, b'],
  [{ a: { b: 'x' } }, "{ a: { b: 'y' } }", 'at .a.b: expected "y", received "x"'],
  ['1', '1', 'expected the number 1, received "1"'],
  [1, "'1'", 'expected "1", received 1'],
  [3, '[3]', 'expected an array of 1, received 3'],
  [[3], '{ a: 3 }', 'expected an object, received [3]'],
  [0, 'false', 'expected false, received 0'],
])('%j differs from %s', (received, literal, text) => {
  expect(match(received, literal)).toBe(text);
});

test('a rounded number may lie half a unit of its last digit away', () => {
  expect(match([0.534, 120], '[0.53, 120]', true)).toBeUndefined();
  expect(match(0.536, '0.53', true)).toBe('expected ≈ 0.53, received 0.536');
});
