export type {
  CompileConfig,
  KerasFile,
  LayerFactory,
  LoadedModel,
  LoadOptions,
  NamedSettings,
  PerOutput,
  SaveOptions,
} from './contract.ts';
export { loadModel } from './load-model.ts';
export { loadWeights } from './load-weights.ts';
export { saveModel } from './save-model.ts';
export { saveWeights } from './save-weights.ts';
