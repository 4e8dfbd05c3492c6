import type { Batch } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { CarriedState } from '../state/carried-state.ts';
import type { Parameter, State, TrainableModel } from '../trainable-model.ts';
import { feedBatch } from './feed.ts';
import type { Objective } from './objective.ts';
import { type Owner, owner } from './owner.ts';
import { listOutputs, lossOfPass, measurePass } from './pass.ts';
import { type BatchTensors, readSums } from './read-sums.ts';
import type { BatchSums } from './running-logs.ts';
import { testOnArrays } from './train-on-arrays.ts';

export interface TestParts {
  readonly model: TrainableModel;
  objectiveFor(names: readonly string[]): Objective;
  readonly state: CarriedState;
}

/** Loss and metrics of one batch, without training; the state moves on. */
export async function testStep(
  parts: TestParts,
  batch: Batch,
  { parameters }: { parameters: readonly Parameter[] },
): Promise<{ sums: BatchSums; objective: Objective }> {
  const plain = testOnArrays(parts, batch, { parameters });
  if (plain !== null) return plain;
  const owned = owner();
  const next = owner();
  try {
    const { tensors, state } = evaluate(parts, batch, { parameters, owned, next });
    const sums = await readSums(tensors);
    parts.state.carry(state);
    next.release();
    return { sums, objective: tensors.objective };
  } finally {
    owned.free();
    next.free();
  }
}

function evaluate(
  { model, objectiveFor, state: carried }: TestParts,
  batch: Batch,
  { parameters, owned, next }: { parameters: readonly Parameter[]; owned: Owner; next: Owner },
): { readonly tensors: BatchTensors; readonly state: State } {
  let found: { readonly tensors: BatchTensors; readonly state: State } | undefined;
  tf.tidy(() => {
    const feed = feedBatch(batch, model);
    const state = carried.enter(feed.rows, batch.starts);
    const result = model.call(feed.inputs, {
      logits: true,
      ...(state === undefined ? {} : { state }),
      ...(feed.mask === undefined ? {} : { mask: feed.mask }),
    });
    const outputs = listOutputs(result.outputs, model.outputs);
    const objective = objectiveFor(outputs.names);
    const { total, each } = lossOfPass(objective, { outputs, result, feed, parameters });
    const measures = measurePass(objective, { outputs, result, feed });
    for (const scalar of [total, ...each]) owned.own(scalar);
    for (const sum of measures.flat()) if (typeof sum !== 'number') owned.own(sum);
    const picked = carried.pick(result.state);
    for (const tensor of Object.values(picked).flat()) next.own(tensor);
    found = { tensors: { objective, rows: feed.rows, total, each, measures }, state: picked };
  });
  return found as unknown as { readonly tensors: BatchTensors; readonly state: State };
}
