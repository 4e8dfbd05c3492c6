import { type Arrays, type Batch, isNdArray, type NdArray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { CarriedState } from '../state/carried-state.ts';
import type { ArrayPass, ArrayValue, Port, State, TrainableModel } from '../trainable-model.ts';
import { type BatchMasks, type ByteMask, batchMasks } from './batch-masks.ts';
import { checkRows } from './feed.ts';
import { orderByName } from './order-by-name.ts';

/** A batch that a model can pass on plain arrays. */
export interface ArrayBatch {
  readonly pass: ArrayPass;
  readonly inputs: readonly NdArray[];
  readonly rows: number;
  readonly masks: BatchMasks;
}

/**
 * Plans a batch's pass on plain arrays; null where the model or the batch asks for what only tensors have: masks that are not of
 * steps, and models that its arrays do not fit.
 */
export function arrayBatch(model: TrainableModel, batch: Batch, { training }: { training: boolean }): ArrayBatch | null {
  const { inputs: ports } = model;
  if (model.arrayPass === undefined || ports === undefined) return null;
  const inputs = inOrder(batch.x, ports, 'x');
  if (inputs === null || !inputs.every((array, i) => fits(array, ports[i] as Port))) return null;
  const rows = inputs[0]?.shape[0] as number;
  checkRows(batch, rows);
  const pass = model.arrayPass(
    inputs.map(({ shape }) => shape),
    { training },
  );
  if (pass === null) return null;
  const masks = batchMasks(batch, { list: inputs, rows });
  return masks.inputs.every((mask, i) => mask === null || takes(pass.inputs[i] as ArrayValue, mask)) ? { pass, inputs, rows, masks } : null;
}

function takes({ mask, shape }: ArrayValue, { shape: given }: ByteMask): boolean {
  return mask !== null && given.length === 2 && given[0] === shape[0] && given[1] === shape[1];
}

/** An array for each port; null where one is missing. */
export function inOrder(arrays: Arrays, ports: readonly Port[], where: string): readonly NdArray[] | null {
  if (isNdArray(arrays) && ports.length === 1) return [arrays];
  const ordered = orderByName<NdArray>(arrays, { names: ports.map(({ name }) => name), isOne: isNdArray, where });
  return ordered.every((array) => array !== undefined) ? (ordered as NdArray[]) : null;
}

function fits({ shape }: NdArray, port: Port): boolean {
  return shape.length === port.shape.length && port.shape.every((length, axis) => length === null || length === shape[axis]);
}

/** Runs the pass forward, from the carried state of the batch's lanes. */
export function runForward({ pass, inputs, rows, masks }: ArrayBatch, carried: CarriedState, starts: Uint8Array | undefined): void {
  tf.tidy(() => {
    const state = carried.enter(rows, starts);
    for (const [path, { before }] of Object.entries(pass.state)) {
      const tensors = state?.[path];
      before.given = tensors !== undefined;
      for (const [i, tensor] of (tensors ?? []).entries()) (before.arrays[i] as Float32Array).set(tensor.dataSync());
    }
  });
  for (const [i, { data }] of inputs.entries()) {
    const { values, mask } = pass.inputs[i] as ArrayValue;
    values.set(data);
    if (mask === null) continue;
    const given = masks.inputs[i] ?? null;
    mask.given = given !== null;
    if (given !== null) mask.values.set(given.data);
  }
  pass.forward();
}

/** The state to carry on after the pass: tensors that outlive every tidy. */
export function stateAfter({ state }: ArrayPass, { statefulCalls = [] }: TrainableModel): State {
  const tensors = (path: string) => {
    const { after = [], shapes = [] } = state[path] ?? {};
    return after.map((values, i) => tf.keep(tf.tensor(values.slice(), [...(shapes[i] as readonly number[])])));
  };
  return Object.fromEntries(statefulCalls.map((path) => [path, tensors(path)]));
}
