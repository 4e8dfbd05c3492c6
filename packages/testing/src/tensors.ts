export { asymmetricTensor } from './asymmetric-tensor.ts';
export { expectGradientsMatch } from './expect-gradients-match.ts';
export type { DifferenceOptions, TensorFunction } from './finite-differences.ts';
export { finiteDifferences } from './finite-differences.ts';
export { expectNoLeak } from './leak-check.ts';
export { replayLayer, tryLayer } from './replay-layer.ts';
