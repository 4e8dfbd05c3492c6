export { sigmoidInPlace, tanhOf } from './activations';
export { multiply } from './multiply';
export { runLstmBackward, runLstmForward } from './run-lstm';
