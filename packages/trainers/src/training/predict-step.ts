import { type Batch, type NdArray, ndarray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { readValues } from '../data/read-tensor.ts';
import type { CarriedState } from '../state/carried-state.ts';
import type { State, Tensors, TrainableModel } from '../trainable-model.ts';
import { arrayBatch, runForward, stateAfter } from './array-batch.ts';
import { feedBatch } from './feed.ts';
import { owner } from './owner.ts';
import { listOutputs } from './pass.ts';

/** The outputs of one batch, as the model gives them: one, a list, or a record. */
export interface Predicted {
  readonly arrays: readonly NdArray[];
  readonly names: readonly string[] | 'one' | 'list';
}

/** Runs one batch; the state moves on. */
export async function predictStep(
  { model, state: carried }: { model: TrainableModel; state: CarriedState },
  batch: Batch,
): Promise<Predicted> {
  const plain = predictOnArrays({ model, state: carried }, batch);
  if (plain !== null) return plain;
  const owned = owner();
  const next = owner();
  let tensors: readonly tf.Tensor[] = [];
  let names: Predicted['names'] = 'one';
  let picked: State = {};
  try {
    tf.tidy(() => {
      const feed = feedBatch(batch, model);
      const state = carried.enter(feed.rows, batch.starts);
      const result = model.call(feed.inputs, {
        ...(state === undefined ? {} : { state }),
        ...(feed.mask === undefined ? {} : { mask: feed.mask }),
      });
      const outputs = listOutputs(result.outputs, model.outputs);
      tensors = outputs.tensors;
      names = structureOf(result.outputs, outputs.names);
      for (const tensor of tensors) owned.own(tensor);
      picked = carried.pick(result.state);
      for (const tensor of Object.values(picked).flat()) next.own(tensor);
    });
    const values = await readValues(tensors);
    carried.carry(picked);
    next.release();
    // On some backends a read shares memory with the tensor.
    return { arrays: tensors.map((tensor, i) => ndarray((values[i] as Float32Array).slice(), tensor.shape)), names };
  } finally {
    owned.free();
    next.free();
  }
}

/** The same on plain arrays; null where the model or the batch asks for what only tensors have. */
function predictOnArrays({ model, state }: { model: TrainableModel; state: CarriedState }, batch: Batch): Predicted | null {
  const planned = arrayBatch(model, batch, { training: false });
  if (planned === null) return null;
  runForward(planned, state, batch.starts);
  const { outputs, structure } = planned.pass;
  state.carry(stateAfter(planned.pass, model));
  return { arrays: outputs.map(({ values, shape }) => ndarray(values.slice(), shape)), names: structure };
}

function structureOf(outputs: Tensors, names: readonly string[]): Predicted['names'] {
  if (outputs instanceof tf.Tensor) return 'one';
  return Array.isArray(outputs) ? 'list' : names;
}
