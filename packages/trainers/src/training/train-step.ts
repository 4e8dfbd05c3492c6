import type { Batch } from '@cellstate/core';
import { variableGradients } from '@cellstate/ops';
import * as tf from '@tensorflow/tfjs-core';
import { readValues } from '../data/read-tensor.ts';
import type { OptimizerMemory } from '../optimizers/optimizer-memory.ts';
import type { CarriedState } from '../state/carried-state.ts';
import type { CallResult, Parameter, State, TrainableModel } from '../trainable-model.ts';
import type { Warnings } from '../warnings.ts';
import { feedBatch } from './feed.ts';
import { moveWeights } from './move-weights.ts';
import type { Objective } from './objective.ts';
import { type Owner, owner } from './owner.ts';
import { type LossOfPass, listOutputs, lossOfPass, measurePass, type Outputs } from './pass.ts';
import { type BatchTensors, readSums } from './read-sums.ts';
import type { BatchSums } from './running-logs.ts';
import { trainOnArrays } from './train-on-arrays.ts';

export interface TrainingParts {
  readonly model: TrainableModel;
  /** Losses and metrics for outputs of these names. */
  objectiveFor(names: readonly string[]): Objective;
  readonly optimizer: OptimizerMemory;
  readonly state: CarriedState;
  readonly warnings: Warnings;
}

export interface StepOptions {
  /** The seed of this pass. */
  readonly seed: number;
  /** Those of the model, read once by the caller. */
  readonly parameters: readonly Parameter[];
}

/** What the synchronous part of a step found; its tensors are owned by the step. */
interface Found extends BatchTensors {
  /** Parameters with a gradient, and their gradients. */
  readonly moving: readonly { readonly parameter: Parameter; readonly gradient: tf.Tensor }[];
  readonly updates: CallResult['updates'];
  readonly state: State;
}

/**
 * One step, on plain arrays where the model and the batch allow it, else on tensors: forward, backward, update of the weights; then the new state takes the place of the old. Whatever throws
 * before the update leaves weights, optimizer and state as they were, and no tensor behind.
 */
export async function trainStep(
  parts: TrainingParts,
  batch: Batch,
  options: StepOptions,
): Promise<{ sums: BatchSums; objective: Objective }> {
  const plain = trainOnArrays(parts, batch, options);
  if (plain !== null) return plain;
  const owned = owner();
  const next = owner();
  try {
    const found = differentiate(parts, batch, { ...options, owned, next });
    const sums = await readSums(found);
    await update(parts.optimizer, found);
    parts.state.carry(found.state);
    next.release();
    return { sums, objective: found.objective };
  } finally {
    owned.free();
    next.free();
  }
}

function differentiate(
  parts: TrainingParts,
  batch: Batch,
  { seed, parameters, owned, next }: StepOptions & { owned: Owner; next: Owner },
): Found {
  const { model } = parts;
  const trainable = parameters.filter((parameter) => parameter.trainable);
  let found: Found | undefined;
  tf.tidy(() => {
    const feed = feedBatch(batch, model);
    const state = parts.state.enter(feed.rows, batch.starts);
    let pass:
      | {
          objective: Objective;
          outputs: Outputs;
          result: CallResult;
          loss: LossOfPass;
          state: State;
        }
      | undefined;
    const { value, grads } = variableGradients(
      () => {
        const result = model.call(feed.inputs, {
          training: true,
          seed,
          logits: true,
          ...(state === undefined ? {} : { state }),
          ...(feed.mask === undefined ? {} : { mask: feed.mask }),
        });
        const outputs = listOutputs(result.outputs, model.outputs);
        const objective = parts.objectiveFor(outputs.names);
        const loss = lossOfPass(objective, { outputs, result, feed, parameters });
        if (objective.metrics.length > 0) {
          for (const tensor of [...outputs.tensors, ...result.masks, ...(result.logits ?? [])]) if (tensor !== null) owned.own(tensor);
        }
        for (const scalar of loss.each) owned.own(scalar);
        for (const { value } of result.updates) owned.own(value);
        const picked = parts.state.pick(result.state);
        for (const tensor of Object.values(picked).flat()) next.own(tensor);
        pass = { objective, outputs, result, loss, state: picked };
        return loss.total;
      },
      trainable.map(({ variable }) => variable),
    );
    const { objective, outputs, result, loss, state: picked } = pass as NonNullable<typeof pass>;
    const measures = measurePass(objective, { outputs, result, feed });
    for (const measure of measures) for (const sum of measure) if (typeof sum !== 'number') owned.own(sum);
    const moving = trainable.flatMap((parameter) => {
      const gradient = grads[parameter.variable.name];
      if (gradient !== undefined) return [{ parameter, gradient: owned.own(gradient) }];
      parts.warnings.once(`no-gradient ${parameter.path}`, `The loss does not depend on '${parameter.path}', which stays as it is.`);
      return [];
    });
    found = {
      objective,
      rows: feed.rows,
      total: owned.own(value),
      each: loss.each,
      measures,
      moving,
      updates: result.updates,
      state: picked,
    };
  });
  return found as unknown as Found;
}

/** Moves the weights by gradients in tensors, and assigns what else the pass changes. */
async function update(optimizer: OptimizerMemory, { moving, updates }: Found): Promise<void> {
  const read = await readValues([...moving.map(({ parameter }) => parameter.variable), ...moving.map(({ gradient }) => gradient)]);
  moveWeights(
    optimizer,
    moving.map(({ parameter }, i) => ({
      parameter,
      values: read[i] as Float32Array,
      gradient: read[moving.length + i] as Float32Array,
    })),
  );
  tf.tidy(() => {
    for (const { variable, value } of updates) variable.assign(value as tf.Tensor);
  });
}
