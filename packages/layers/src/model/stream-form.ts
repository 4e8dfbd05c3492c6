import { CellstateError, describe, type NdArray, size } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Port } from '../contract.ts';
import { checkPort } from './call-model.ts';
import type { Timing } from './causality.ts';
import { type Given, rowsTensor } from './convert-arrays.ts';
import type { Model, StreamSnapshot } from './model.ts';

/** What a stream knows of its model. */
export interface Setting {
  readonly lanes: number;
  readonly inputs: readonly Timing[];
  readonly outputs: readonly Timing[];
}

/** How what is pushed relates to the model's input: a chunk is like it, a step has no time axis, a bare row no lane axis either. */
export type Form = 'chunk' | 'step' | 'bare';

/** Finds the form by the number of axes of the first input that has time. */
export function formOf(model: Model<unknown>, given: readonly Given[], { inputs, lanes }: Setting): Form {
  const first = Math.max(0, inputs.indexOf('steps'));
  const port = model.inputs[first] as Port;
  const timed = inputs[first] === 'steps';
  const shape = given[first]?.shape ?? [];
  const missing = port.shape.length - shape.length;
  if (missing === 0) return 'chunk';
  if (missing === 1 && timed) return 'step';
  if (missing === (timed ? 2 : 1) && lanes === 1) return 'bare';
  const whole = port.shape.slice(timed ? 2 : 1);
  const step = describe([lanes, ...whole]);
  const chunk = timed ? ` or ${describe([lanes, null, ...whole])}` : '';
  throw new CellstateError('SHAPE_MISMATCH', 'A stream takes steps or chunks of its lanes.', {
    expected: `${step}${chunk}${lanes === 1 ? ` or ${describe(whole)}` : ''}`,
    received: describe(shape),
    where: `${model.name}.stream, ${port.name}`,
  });
}

/** The inputs of a pass: what was pushed, with the axes put back that its form lacks. */
export function wholeInputs(
  model: Model<unknown>,
  given: readonly Given[],
  { form, setting }: { readonly form: Form; readonly setting: Setting },
): readonly Tensor[] {
  return given.map((value, index) => {
    const { dtype } = model.inputs[index] as Port;
    const shape = wholeShape(model, value.shape, { index, form, setting });
    return value instanceof tf.Tensor
      ? tf.cast(tf.reshape(value, [...shape]), dtype)
      : rowsTensor(value.reshape(shape), [0, setting.lanes], dtype);
  });
}

/** The shape of an input with the axes put back that its form lacks. Throws `SHAPE_MISMATCH` unless the input and the lanes are such. */
export function wholeShape(
  model: Model<unknown>,
  given: readonly number[],
  { index, form, setting }: { readonly index: number; readonly form: Form; readonly setting: Setting },
): readonly number[] {
  const port = model.inputs[index] as Port;
  const { lanes } = setting;
  const rows = form === 'bare' ? [1, ...given] : given;
  const shape = form !== 'chunk' && setting.inputs[index] === 'steps' ? [rows[0] as number, 1, ...rows.slice(1)] : rows;
  checkPort(shape, { ...port, shape: [null, ...port.shape.slice(1)] }, { where: `${model.name}.stream`, free: true });
  if (shape[0] !== lanes) {
    throw new CellstateError('SHAPE_MISMATCH', 'The stream has another number of lanes.', {
      expected: `${lanes} rows`,
      received: `${shape[0]} rows`,
      where: `${model.name}.stream, ${port.name}`,
    });
  }
  return shape;
}

/** The axes that each output has beyond what was pushed. */
export function surplusAxes(form: Form, { outputs }: Setting): readonly (readonly number[])[] {
  return outputs.map((timing) => [...(form === 'bare' ? [0] : []), ...(form !== 'chunk' && timing === 'steps' ? [1] : [])]);
}

/** A shape without these axes. */
export function without(shape: readonly number[], axes: readonly number[]): readonly number[] {
  return shape.filter((_, axis) => !axes.includes(axis));
}

/** Throws `STATE_MISMATCH` unless a snapshot is one of such a stream. It may come from JSON, its arrays being plain lists. */
export function checkSnapshot(model: Model<unknown>, snapshot: StreamSnapshot, lanes: number): void {
  const { state = {}, starts = [], lanes: given }: Partial<StreamSnapshot> = snapshot ?? {};
  const paths = Object.keys(state);
  const whole = model.recurrentCalls.every(
    ({ path, stateShapes }) =>
      state[path]?.length === stateShapes.length && stateShapes.every((shape, i) => holds(state[path]?.[i], [lanes, ...shape])),
  );
  const complete = paths.length === 0 || (paths.length === model.recurrentCalls.length && whole);
  if (given === lanes && starts.length === lanes && complete) return;
  throw new CellstateError('STATE_MISMATCH', 'The snapshot is not one of this stream.', {
    expected: `${lanes} lanes of ${model.recurrentCalls.map(({ path }) => path).join(', ') || 'no state'}, ${lanes} starts`,
    received: `${given ?? 'no'} lanes of ${paths.join(', ') || 'no state'}, ${starts.length} starts`,
    where: `${model.name}.stream, restore`,
  });
}

function holds(array: NdArray | undefined, shape: readonly number[]): boolean {
  return array !== undefined && describe(array.shape) === describe(shape) && array.data.length === size(shape);
}
