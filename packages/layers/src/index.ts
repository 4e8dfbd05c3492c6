export type { ArrayMask, ArrayPass, ArrayPassContext, ArrayValue, EnteringState } from './array-pass.ts';
export type { ArrayStep, ArrayStepContext } from './array-step.ts';
export type { MaxNormOptions, MinMaxNormOptions, NamedConstraint, NormOptions } from './constraints.ts';
export { getConstraint, maxNorm, minMaxNorm, nonNeg, unitNorm } from './constraints.ts';
export type {
  ApplyOptions,
  BuiltParameter,
  CallContext,
  CallOptions,
  CallResult,
  Child,
  Config,
  Constraint,
  ConstraintSpec,
  DataType,
  GivenMask,
  GraphNode,
  InnerCall,
  Layer,
  LayerDefinition,
  LayerOptions,
  LayerResult,
  Masks,
  NamedConfig,
  Parameter,
  ParameterSpec,
  Part,
  Port,
  Recurrence,
  Regularizer,
  RegularizerSpec,
  Shape,
  State,
  SymbolicTensor,
  SymbolicTensors,
  TensorSpec,
  Tensors,
} from './contract.ts';
export type { Graph } from './graph/graph.ts';
export type { InputOptions } from './graph/input.ts';
export { input } from './graph/input.ts';
export { snakeCase } from './graph/snake-case.ts';
export type { ConstantOptions } from './initializers/constant.ts';
export { constant, ones, zeros } from './initializers/constant.ts';
export type { InitializerSpec } from './initializers/get-initializer.ts';
export { getInitializer } from './initializers/get-initializer.ts';
export { glorotNormal, glorotUniform } from './initializers/glorot.ts';
export { heNormal, heUniform } from './initializers/he.ts';
export type { IdentityOptions } from './initializers/identity.ts';
export { identity } from './initializers/identity.ts';
export type { Initializer, InitializerConfig, NamedInitializer, SeededOptions } from './initializers/initializer.ts';
export { lecunNormal, lecunUniform } from './initializers/lecun.ts';
export type { OrthogonalOptions } from './initializers/orthogonal.ts';
export { orthogonal } from './initializers/orthogonal.ts';
export type { RandomNormalOptions } from './initializers/random-normal.ts';
export { randomNormal } from './initializers/random-normal.ts';
export type { RandomUniformOptions } from './initializers/random-uniform.ts';
export { randomUniform } from './initializers/random-uniform.ts';
export type { TruncatedNormalOptions } from './initializers/truncated-normal.ts';
export { truncatedNormal } from './initializers/truncated-normal.ts';
export type { VarianceScalingOptions } from './initializers/variance-scaling.ts';
export { varianceScaling } from './initializers/variance-scaling.ts';
export { defineLayer } from './layer.ts';
export type { FunctionalOptions } from './model/functional.ts';
export { functional, model } from './model/functional.ts';
export type {
  ArrayLike,
  Model,
  ModelDefinition,
  ModelInputs,
  Predicted,
  PredictOptions,
  Stream,
  StreamOptions,
  StreamSnapshot,
} from './model/model.ts';
export type { PassOptions, PassPlan, PlannedState } from './model/pass-plan.ts';
export type { RecurrentCall } from './model/recurrent-calls.ts';
export type { SequentialOptions } from './model/sequential.ts';
export { sequential } from './model/sequential.ts';
export type { BidirectionalOptions, MergeMode } from './recurrent/bidirectional.ts';
export { bidirectional } from './recurrent/bidirectional.ts';
export type { Cell, CellContext, CellDefinition, CellOptions, SequenceRun } from './recurrent/cell.ts';
export { defineCell } from './recurrent/cell.ts';
export type { RecurrentCellOptions } from './recurrent/cell-options.ts';
export type { GruOptions } from './recurrent/gru.ts';
export { gru } from './recurrent/gru.ts';
export type { GruCellOptions } from './recurrent/gru-cell.ts';
export { gruCell } from './recurrent/gru-cell.ts';
export type { LstmOptions } from './recurrent/lstm.ts';
export { lstm } from './recurrent/lstm.ts';
export type { LstmCellOptions } from './recurrent/lstm-cell.ts';
export { lstmCell } from './recurrent/lstm-cell.ts';
export type { RecurrentOptions } from './recurrent/recurrent-layer.ts';
export type { RnnOptions } from './recurrent/rnn.ts';
export { rnn } from './recurrent/rnn.ts';
export type { SimpleRnnOptions } from './recurrent/simple-rnn.ts';
export { simpleRnn } from './recurrent/simple-rnn.ts';
export type { SimpleRnnCellOptions } from './recurrent/simple-rnn-cell.ts';
export { simpleRnnCell } from './recurrent/simple-rnn-cell.ts';
export { stackedCells } from './recurrent/stacked-cells.ts';
export type { TimeDistributedOptions } from './recurrent/time-distributed.ts';
export { timeDistributed } from './recurrent/time-distributed.ts';
export type { NamedRegularizer } from './regularizers.ts';
export { getRegularizer, l1, l1l2, l2, orthogonalRegularizer } from './regularizers.ts';
export type { ActivationLayerOptions } from './stateless/activation.ts';
export { activation } from './stateless/activation.ts';
export { add } from './stateless/add.ts';
export type { AdditiveAttentionOptions } from './stateless/additive-attention.ts';
export { additiveAttention } from './stateless/additive-attention.ts';
export type { AttentionOptions, DotAttentionOptions } from './stateless/attention.ts';
export { attention } from './stateless/attention.ts';
export { average } from './stateless/average.ts';
export { averagePooling1d } from './stateless/average-pooling-1d.ts';
export type { DataFormat, DataFormatOptions } from './stateless/axis-order.ts';
export type { BatchNormalizationOptions } from './stateless/batch-normalization.ts';
export { batchNormalization } from './stateless/batch-normalization.ts';
export type { RenormClipping } from './stateless/batch-renormalization.ts';
export type { ConcatenateOptions } from './stateless/concatenate.ts';
export { concatenate } from './stateless/concatenate.ts';
export type { Conv1dOptions } from './stateless/conv-1d.ts';
export { conv1d } from './stateless/conv-1d.ts';
export type { DenseOptions } from './stateless/dense.ts';
export { dense } from './stateless/dense.ts';
export type { DotOptions } from './stateless/dot.ts';
export { dot } from './stateless/dot.ts';
export type { DropoutOptions } from './stateless/dropout.ts';
export { dropout } from './stateless/dropout.ts';
export type { EmbeddingOptions } from './stateless/embedding.ts';
export { embedding } from './stateless/embedding.ts';
export type { FlattenOptions } from './stateless/flatten.ts';
export { flatten } from './stateless/flatten.ts';
export type { GaussianNoiseOptions } from './stateless/gaussian-noise.ts';
export { gaussianNoise } from './stateless/gaussian-noise.ts';
export type { GlobalPoolingOptions } from './stateless/global-average-pooling-1d.ts';
export { globalAveragePooling1d } from './stateless/global-average-pooling-1d.ts';
export { globalMaxPooling1d } from './stateless/global-max-pooling-1d.ts';
export type { LambdaOptions } from './stateless/lambda.ts';
export { lambda } from './stateless/lambda.ts';
export type { LayerNormalizationOptions } from './stateless/layer-normalization.ts';
export { layerNormalization } from './stateless/layer-normalization.ts';
export type { MaskingOptions } from './stateless/masking.ts';
export { masking } from './stateless/masking.ts';
export { maxPooling1d } from './stateless/max-pooling-1d.ts';
export { maximum } from './stateless/maximum.ts';
export { minimum } from './stateless/minimum.ts';
export type { MultiHeadAttentionOptions } from './stateless/multi-head-attention.ts';
export { multiHeadAttention } from './stateless/multi-head-attention.ts';
export { multiply } from './stateless/multiply.ts';
export type { PermuteOptions } from './stateless/permute.ts';
export { permute } from './stateless/permute.ts';
export type { PoolingOptions } from './stateless/pooling-1d.ts';
export type { RepeatVectorOptions } from './stateless/repeat-vector.ts';
export { repeatVector } from './stateless/repeat-vector.ts';
export type { ReshapeOptions } from './stateless/reshape.ts';
export { reshape } from './stateless/reshape.ts';
export type { SpatialDropout1dOptions } from './stateless/spatial-dropout-1d.ts';
export { spatialDropout1d } from './stateless/spatial-dropout-1d.ts';
export { subtract } from './stateless/subtract.ts';
export type { Padding } from './stateless/time-windows.ts';
