export type { Arrays, Batch } from './batch.ts';
export type { CellstateErrorDetails } from './cellstate-error.ts';
export { CellstateError } from './cellstate-error.ts';
export { checkOptions, nearest } from './check-options.ts';
export type { NdArray, Nested, NestedNumbers, NumericArray, StackableSeries, WindowOrigin } from './ndarray.ts';
export { concat, describe, isNdArray, ndarray, size, stack } from './ndarray.ts';
export type { Random } from './random.ts';
export { random, splitSeed } from './random.ts';
