export type { ActivationIdentifier } from './activations.ts';
export { ACTIVATION_NAMES, activation } from './activations.ts';
export type { Activation, GruOptions, SequenceInputs, SequenceOptions, SequenceResult, Step } from './contract.ts';
export { GRU_GATES, LSTM_GATES } from './contract.ts';
export { registerGradients } from './gradients/register-gradients.ts';
export type { Keep, VariableGradients } from './gradients/variable-gradients.ts';
export { variableGradients } from './gradients/variable-gradients.ts';
export type {
  GruKernelAttributes,
  LstmGradKernelInputs,
  LstmKernelAttributes,
  LstmKernelInputs,
  ProductKernelConfig,
  SequenceCall,
  SequenceGradKernelInputs,
  SequenceKernelAttributes,
  SequenceKernelConfig,
  SequenceKernelInputs,
  SequenceOp,
} from './kernel-contract.ts';
export {
  CROSSENTROPY_KERNEL,
  LSTM_GRADIENTS,
  LSTM_KERNEL_OUTPUTS,
  SEQUENCE_CELLS,
  SEQUENCE_GRADIENTS,
  SEQUENCE_KERNEL_OUTPUTS,
  SEQUENCE_KERNELS,
} from './kernel-contract.ts';
export type { ArrayProduct, ArrayProductOptions } from './sequence/array-product.ts';
export { arrayProduct } from './sequence/array-product.ts';
export type {
  ArraySequence,
  ArraySequenceGradients,
  ArraySequenceInputs,
  ArraySequenceOptions,
  ArraySequenceOutputs,
} from './sequence/array-sequence.ts';
export { arrayEngine, arraySequence } from './sequence/array-sequence.ts';
export { fusedPath } from './sequence/fused-path.ts';
export { gruReference } from './sequence/gru-reference.ts';
export { gruSequence } from './sequence/gru-sequence.ts';
export type { GruStepWeights } from './sequence/gru-step.ts';
export { gruStep } from './sequence/gru-step.ts';
export type { InputProjection } from './sequence/input-projection.ts';
export { projectInput } from './sequence/input-projection.ts';
export { lstmReference } from './sequence/lstm-reference.ts';
export { lstmSequence } from './sequence/lstm-sequence.ts';
export { lstmStep } from './sequence/lstm-step.ts';
export { simpleRnnReference } from './sequence/simple-rnn-reference.ts';
export { simpleRnnSequence } from './sequence/simple-rnn-sequence.ts';
export { simpleRnnStep } from './sequence/simple-rnn-step.ts';
export { stepEngine, stepKernel } from './sequence/step-kernel.ts';
export type { GatedStepWeights, StepResult, StepWeights } from './sequence/step-weights.ts';
export type { TimeLoopOptions, TimeLoopResult } from './sequence/time-loop.ts';
export { timeLoop } from './sequence/time-loop.ts';
export { softmaxCrossentropy } from './softmax-crossentropy.ts';
export type { StepArrays, StepFactory, StepKernel, StepSizes } from './step-contract.ts';
export { STEP_KERNELS } from './step-contract.ts';
