import { expect, test } from 'vitest';
import { expectClose, oracleGradients } from '../../src/index.ts';

test('gives the derivative by every element, to 1e-9, and leaves the arrays as they were', () => {
  const a = Float64Array.of(0.3, -1.2);
  const b = [2, 0.5];
  const gradients = oracleGradients(
    ({ a, b }) => Math.sin(a[0] as number) * (b[0] as number) + (a[1] as number) ** 3 * Math.exp(b[1] as number),
    { a, b },
  );
  expectClose(gradients.a, [2 * Math.cos(0.3), 3 * 1.44 * Math.exp(0.5)], { absolute: 1e-9, relative: 1e-9 });
  expectClose(gradients.b, [Math.sin(0.3), -1.728 * Math.exp(0.5)], { absolute: 1e-9, relative: 1e-9 });
  expect([...a]).toEqual([0.3, -1.2]);
});
