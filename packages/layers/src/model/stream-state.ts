import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { State } from '../contract.ts';
import { callModel, outputList } from './call-model.ts';
import type { Model } from './model.ts';

/** What a stream remembers: the state, and the lanes that start anew with the next push. */
export interface Carried {
  readonly state: State;
  readonly starts: readonly boolean[];
}

export interface Advanced {
  readonly outputs: readonly Tensor[];
  readonly state: State;
}

/**
 * One pass from a carried state. Lanes that start anew start from zero, or from what the graph gives as initial state; for the
 * latter the pass is made twice when only some lanes start, and each lane takes its rows from the one that fits.
 */
export function advanceState(model: Model<unknown>, inputs: readonly Tensor[], { state, starts }: Carried): Advanced {
  if (starts.every(Boolean)) return pass(model, inputs, {});
  if (!starts.some(Boolean)) return pass(model, inputs, state);
  const begins = tf.tensor1d([...starts], 'bool');
  if (!model.recurrentCalls.some(({ wired }) => wired)) {
    const zeroed = mapState(state, (tensor) => rowsWhere(begins, tf.zerosLike(tensor), tensor));
    return pass(model, inputs, zeroed);
  }
  const anew = pass(model, inputs, {});
  const onward = pass(model, inputs, state);
  return {
    outputs: anew.outputs.map((output, i) => rowsWhere(begins, output, onward.outputs[i] as Tensor)),
    state: mapState(anew.state, (tensor, path, i) => rowsWhere(begins, tensor, onward.state[path]?.[i] as Tensor)),
  };
}

function pass(model: Model<unknown>, inputs: readonly Tensor[], state: State): Advanced {
  const result = callModel(model, inputs, { state, free: true });
  return { outputs: outputList(result.outputs), state: result.state };
}

function mapState(state: State, change: (tensor: Tensor, path: string, index: number) => Tensor): State {
  return Object.fromEntries(Object.entries(state).map(([path, tensors]) => [path, tensors.map((tensor, i) => change(tensor, path, i))]));
}

/** Row by row: `yes` where `condition` holds, else `no`. */
function rowsWhere(condition: Tensor, yes: Tensor, no: Tensor): Tensor {
  return tf.where(tf.reshape(condition, [-1, ...yes.shape.slice(1).map(() => 1)]), yes, no);
}
