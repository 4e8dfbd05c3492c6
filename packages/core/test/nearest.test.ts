import { expect, test } from 'vitest';
import { nearest } from '../src/nearest.ts';

test.each([
  ['actvation', ['activation', 'recurrentActivation'], 'activation'],
  ['kernel_initializer', ['biasInitializer', 'kernelInitializer'], 'kernelInitializer'],
  ['UNITS', ['units', 'useBias'], 'units'],
  ['lrate', ['rate', 'rates'], 'rate'],
  ['xyz', ['abc'], undefined],
  ['', ['units'], undefined],
  ['units', [], undefined],
])('%j among %j is %j', (word, known, expected) => {
  expect(nearest(word, known)).toBe(expected);
});

test('a short word is not taken for anything of its length', () => {
  expect(nearest('ab', ['x', 'yz'])).toBeUndefined();
});
