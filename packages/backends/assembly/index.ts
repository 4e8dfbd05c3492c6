export { sigmoidInPlace, tanhOf } from './activations';
export { multiply } from './multiply';
export { runBackward, runForward } from './run-sequence';
