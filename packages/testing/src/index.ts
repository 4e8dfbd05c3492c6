export { asymmetric } from './asymmetric.ts';
export type { Comparison, Tolerance, Values } from './compare.ts';
export { compare } from './compare.ts';
export { expectClose } from './expect-close.ts';
export { toBeAllClose } from './to-be-all-close.ts';
