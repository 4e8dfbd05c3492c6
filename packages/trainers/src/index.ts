export type { BackupAndRestoreOptions } from './callbacks/backup-and-restore.ts';
export { backupAndRestore } from './callbacks/backup-and-restore.ts';
export type { Callback, CallbackMemory, Logs, Run, RunSaveOptions } from './callbacks/callback.ts';
export type { CsvLoggerOptions } from './callbacks/csv-logger.ts';
export { csvLogger } from './callbacks/csv-logger.ts';
export type { EarlyStopping, EarlyStoppingOptions } from './callbacks/early-stopping.ts';
export { earlyStopping } from './callbacks/early-stopping.ts';
export type { History } from './callbacks/history.ts';
export { lambdaCallback } from './callbacks/lambda-callback.ts';
export { learningRateScheduler } from './callbacks/learning-rate-scheduler.ts';
export type { ModelCheckpointOptions } from './callbacks/model-checkpoint.ts';
export { modelCheckpoint } from './callbacks/model-checkpoint.ts';
export type { MonitorOptions } from './callbacks/monitor.ts';
export { progressBar } from './callbacks/progress-bar.ts';
export type { ReduceLROnPlateauOptions } from './callbacks/reduce-lr-on-plateau.ts';
export { reduceLROnPlateau } from './callbacks/reduce-lr-on-plateau.ts';
export type { TensorBoardOptions } from './callbacks/tensor-board.ts';
export { tensorBoard } from './callbacks/tensor-board.ts';
export { terminateOnNaN } from './callbacks/terminate-on-nan.ts';
export type { CheckpointStore } from './checkpoint/checkpoint-store.ts';
export { folderStore } from './checkpoint/folder-store.ts';
export { indexedDbStore } from './checkpoint/indexed-db-store.ts';
export { restoreWeights } from './checkpoint/restore-weights.ts';
export type { ResumeOptions } from './checkpoint/resume.ts';
export { resume } from './checkpoint/resume.ts';
export type { Saved, SavedValues } from './checkpoint/saved.ts';
export { createTrainer } from './create-trainer.ts';
export type { ArrayInput, ArraysInput, BatchSource, SampleData, TrainingData } from './data/array-input.ts';
export type { ClassWeight } from './data/class-weights.ts';
export type { CrossentropyOptions, SparseCategoricalCrossentropyOptions } from './losses/crossentropies.ts';
export { binaryCrossentropy, categoricalCrossentropy, sparseCategoricalCrossentropy } from './losses/crossentropies.ts';
export { klDivergence, poisson } from './losses/distribution-losses.ts';
export type { CosineSimilarityOptions, HuberOptions } from './losses/error-losses.ts';
export {
  cosineSimilarity,
  huber,
  logCosh,
  meanAbsoluteError,
  meanAbsolutePercentageError,
  meanSquaredError,
  meanSquaredLogarithmicError,
} from './losses/error-losses.ts';
export { categoricalHinge, hinge, squaredHinge } from './losses/hinge-losses.ts';
export type { Loss, LossFunction, LossLike, LossOptions, Reduction, TargetKind } from './losses/loss.ts';
export { accuracy, binaryAccuracy, categoricalAccuracy, sparseCategoricalAccuracy, topKCategoricalAccuracy } from './metrics/accuracies.ts';
export type { DetectionOptions } from './metrics/detection-metrics.ts';
export { precision, recall } from './metrics/detection-metrics.ts';
export type { Metric, MetricLike, MetricSample } from './metrics/metric.ts';
export { cosineSimilarityMetric, r2Score, rootMeanSquaredError } from './metrics/regression-metrics.ts';
export type { AdadeltaOptions } from './optimizers/adadelta.ts';
export { adadelta } from './optimizers/adadelta.ts';
export type { AdagradOptions } from './optimizers/adagrad.ts';
export { adagrad } from './optimizers/adagrad.ts';
export type { AdamOptions } from './optimizers/adam.ts';
export { adam, adamW } from './optimizers/adam.ts';
export type { AdamaxOptions } from './optimizers/adamax.ts';
export { adamax } from './optimizers/adamax.ts';
export type { LionOptions } from './optimizers/lion.ts';
export { lion } from './optimizers/lion.ts';
export type { NadamOptions } from './optimizers/nadam.ts';
export { nadam } from './optimizers/nadam.ts';
export type { Clipping, Optimizer, OptimizerOptions, Slot, UpdateStep } from './optimizers/optimizer.ts';
export type { RmspropOptions } from './optimizers/rmsprop.ts';
export { rmsprop } from './optimizers/rmsprop.ts';
export type { SgdOptions } from './optimizers/sgd.ts';
export { sgd } from './optimizers/sgd.ts';
export type { CosineDecayOptions } from './schedules/cosine-decay.ts';
export { cosineDecay } from './schedules/cosine-decay.ts';
export type { CosineDecayRestartsOptions } from './schedules/cosine-decay-restarts.ts';
export { cosineDecayRestarts } from './schedules/cosine-decay-restarts.ts';
export type { DecayOptions } from './schedules/exponential-decay.ts';
export { exponentialDecay } from './schedules/exponential-decay.ts';
export { inverseTimeDecay } from './schedules/inverse-time-decay.ts';
export type { PiecewiseConstantDecayOptions } from './schedules/piecewise-constant-decay.ts';
export { piecewiseConstantDecay } from './schedules/piecewise-constant-decay.ts';
export type { PolynomialDecayOptions } from './schedules/polynomial-decay.ts';
export { polynomialDecay } from './schedules/polynomial-decay.ts';
export type { Schedule } from './schedules/schedule.ts';
export type { NamedSettings, TrainerSettings } from './settings/trainer-settings.ts';
export type {
  CallOptions,
  CallResult,
  Masks,
  Parameter,
  Port,
  State,
  Tensors,
  TrainableModel,
} from './trainable-model.ts';
export type { EvaluateOptions, StateValues, Trainer, TrainerOptions, TrainOnBatchOptions } from './trainer.ts';
export type { FitOptions } from './training/fit-options.ts';
export type { MetricsOption } from './training/objective.ts';
