import type { Model } from '@cellstate/layers';
import { adam, cosineDecay, createTrainer, type Trainer, type TrainingData } from '@cellstate/trainers';
import type { DemoOptions } from '../demo-options.ts';
import { backedUp } from '../resume/backed-up.ts';

/** Epochs of a training: what was asked for, else the section's own, fewer under `--quick`. */
export function epochsFor(
  { epochs, quick }: Pick<DemoOptions, 'epochs' | 'quick'>,
  own: { readonly full: number; readonly quick: number },
): number {
  return epochs ?? (quick ? own.quick : own.full);
}

export interface TrainingPlan {
  readonly epochs: number;
  /** Updates in an epoch, for the schedule of the learning rate. */
  readonly updates: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly batchSize?: number;
  readonly onEpoch?: (done: number, loss: number) => void;
  /** Where the training keeps its checkpoints. Default: nowhere. */
  readonly backup?: string | undefined;
}

export interface Trained {
  readonly trainer: Trainer;
  /** The loss of each epoch. */
  readonly losses: readonly number[];
}

/** Trains by Adam with a learning rate that falls along a cosine, on mean squared error. */
export async function trainModel(model: Model<unknown>, data: TrainingData, plan: TrainingPlan): Promise<Trained> {
  const { epochs, updates, learningRate, seed, batchSize, onEpoch = () => {}, backup } = plan;
  const schedule = cosineDecay({ initialLearningRate: learningRate, decaySteps: epochs * updates, alpha: 0.02 });
  const trainer = createTrainer(model, { optimizer: adam({ learningRate: schedule, clipNorm: 1 }), loss: 'meanSquaredError', seed });
  const history = await trainer.fit(data, {
    epochs,
    ...(batchSize === undefined ? {} : { batchSize }),
    verbose: 0,
    callbacks: [{ onEpochEnd: (epoch, logs) => onEpoch(epoch + 1, logs.loss as number) }, ...backedUp(backup, epochs)],
  });
  return { trainer, losses: history.history.loss as number[] };
}
