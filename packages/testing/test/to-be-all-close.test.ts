import { expect, test } from 'vitest';

test('the matcher passes, fails and negates', () => {
  expect([1, 2]).toBeAllClose([1, 2.1], { absolute: 0.2 });
  expect([1, 2]).not.toBeAllClose([1, 2.1]);
  expect(() => expect([1, 2]).toBeAllClose([1, 2.1])).toThrow('index:    [1] of [2]');
  expect(() => expect([1, 2]).not.toBeAllClose([1, 2])).toThrow('beyond the tolerance');
});
