import { type Arrays, type Batch, isNdArray, type NdArray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { CarriedState } from '../state/carried-state.ts';
import type { ArrayPass, ArrayValue, Port, State, TrainableModel } from '../trainable-model.ts';
import { orderByName } from './order-by-name.ts';

/** A batch that a model can pass on plain arrays. */
export interface ArrayBatch {
  readonly pass: ArrayPass;
  readonly inputs: readonly NdArray[];
  readonly rows: number;
}

/**
 * Plans a batch's pass on plain arrays; null where the model or the batch asks for what only tensors have: masks, steps that are not
 * real, and every error.
 */
export function arrayBatch(model: TrainableModel, batch: Batch, { training }: { training: boolean }): ArrayBatch | null {
  const { inputs: ports } = model;
  if (model.arrayPass === undefined || ports === undefined || !isWhole(batch)) return null;
  const inputs = inOrder(batch.x, ports, 'x');
  if (inputs === null || !inputs.every((array, i) => fits(array, ports[i] as Port))) return null;
  const rows = inputs[0]?.shape[0] as number;
  if (inputs.some(({ shape }) => shape[0] !== rows)) return null;
  const pass = model.arrayPass(
    inputs.map(({ shape }) => shape),
    { training },
  );
  return pass === null ? null : { pass, inputs, rows };
}

/** No mask, every step real. */
function isWhole({ mask, lengths, x }: Batch): boolean {
  if (mask !== undefined) return false;
  if (lengths === undefined) return true;
  const steps = isNdArray(x) ? x.shape[1] : undefined;
  return lengths.every((length) => length === steps);
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
export function runForward({ pass, inputs, rows }: ArrayBatch, carried: CarriedState, starts: Uint8Array | undefined): void {
  tf.tidy(() => {
    const state = carried.enter(rows, starts);
    for (const [path, { before }] of Object.entries(pass.state)) {
      const tensors = state?.[path];
      before.given = tensors !== undefined;
      for (const [i, tensor] of (tensors ?? []).entries()) (before.arrays[i] as Float32Array).set(tensor.dataSync());
    }
  });
  for (const [i, { data }] of inputs.entries()) (pass.inputs[i] as ArrayValue).values.set(data);
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
