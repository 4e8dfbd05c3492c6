import { compare, type Tolerance, type Values } from './compare.ts';

/** `expect(received).toBeAllClose(expected, { absolute, relative })`: `expectClose` as a vitest matcher, for its `.not`. */
export function toBeAllClose(received: Values, expected: Values, tolerance: Tolerance = {}): { pass: boolean; message: () => string } {
  const { close, report } = compare(received, expected, tolerance);
  return { pass: close, message: () => (close ? `Expected a difference beyond the tolerance. ${report}` : report) };
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: a merged interface must repeat vitest's own type parameters.
  interface Matchers<T = any> {
    toBeAllClose(expected: Values, tolerance?: Tolerance): T;
  }
}
