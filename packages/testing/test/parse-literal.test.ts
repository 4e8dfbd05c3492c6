import { expect, test } from 'vitest';
import { parseLiteral } from '../src/parse-literal.ts';

test.each([
  ['3', { value: 3, rounding: 0.5 }],
  ['-0.53', { value: -0.53, rounding: 0.005 }],
  ['1_000', { value: 1000, rounding: 0.5 }],
  ['1.5e-3', { value: 0.0015, rounding: expect.closeTo(0.00005, 12) }],
  ['true', true],
  ['null', null],
  ['undefined', undefined],
  ["'a, b'", 'a, b'],
  ["'it\\'s'", "it's"],
  ['"two"', 'two'],
  ['[]', []],
  ["['a', ['b'],]", ['a', ['b']]],
  ["{ a: 'x', 'b c': [true] }", new Map<string, unknown>(Object.entries({ a: 'x', 'b c': [true] }))],
])('reads %s', (text, value) => {
  expect(parseLiteral(text)).toEqual(value);
});

test.each(['NaN', '-Infinity'])('reads %s', (text) => {
  expect(parseLiteral(text)).toMatchObject({ value: Number(text) });
});

test.each(['3, as Keras does', '[1, 2', '[1 2]', '{ 1 }', 'words', ''])('refuses %j', (text) => {
  expect(() => parseLiteral(text)).toThrow(`Not a literal: ${JSON.stringify(text)}`);
});
