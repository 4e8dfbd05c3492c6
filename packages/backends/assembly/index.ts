export { sigmoidInPlace, tanhOf } from './activations';
export { multiply } from './multiply';
export { multiplyColumns, multiplyMatrices, multiplyRows } from './multiply-part';
export { beginBackward, beginForward, runBackward, runForward, runWeightGradients } from './run-sequence';
export { crossentropyGradientRows, crossentropyRows, softmaxRows } from './softmax';
