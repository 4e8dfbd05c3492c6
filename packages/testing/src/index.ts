export { asymmetric } from './asymmetric.ts';
export type { StatedResult } from './check-example.ts';
export { checkExample } from './check-example.ts';
export type { Comparison, Tolerance, Values } from './compare.ts';
export { compare } from './compare.ts';
export { expectClose } from './expect-close.ts';
export { testExamples } from './test-examples.ts';
export { toBeAllClose } from './to-be-all-close.ts';
