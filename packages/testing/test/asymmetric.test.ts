import { expect, test } from 'vitest';
import { asymmetric, expectClose } from '../src/index.ts';

test('element k is 0.5 sin(a + b k)', () => {
  expectClose(
    asymmetric([2, 2, 1], 0.2, 0.53),
    [0.2, 0.73, 1.26, 1.79].map((angle) => 0.5 * Math.sin(angle)),
  );
  expect(asymmetric([0]).length).toBe(0);
  expect(new Set(asymmetric([6, 40])).size).toBe(240);
});
