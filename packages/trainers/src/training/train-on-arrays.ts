import { type Arrays, type Batch, isNdArray, type NdArray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LossOfNumbers } from '../losses/loss.ts';
import type { ArrayPass, ArrayValue, Port, State, TrainableModel } from '../trainable-model.ts';
import { toTensor } from './feed.ts';
import { moveWeights } from './move-weights.ts';
import type { Objective } from './objective.ts';
import { orderByName } from './order-by-name.ts';
import { measurePass } from './pass.ts';
import type { BatchSums } from './running-logs.ts';
import type { StepOptions, TrainingParts } from './train-step.ts';

/** What a step needs to run on plain arrays. */
interface ArrayWork {
  readonly pass: ArrayPass;
  readonly objective: Objective;
  readonly inputs: readonly NdArray[];
  readonly targets: readonly NdArray[];
  readonly losses: readonly LossOfNumbers[];
}

/**
 * One step on plain arrays, the same as on tensors but for rounding; null where the model, the loss or the batch asks for what only
 * tensors have, errors included: nothing has happened then.
 */
export function trainOnArrays(
  parts: TrainingParts,
  batch: Batch,
  { parameters }: StepOptions,
): { sums: BatchSums; objective: Objective } | null {
  const trainable = parameters.filter((parameter) => parameter.trainable);
  if (trainable.some(({ regularizer }) => regularizer !== undefined && regularizer !== null)) return null;
  const work = plan(parts, batch);
  if (work === null) return null;
  const { pass, objective, inputs } = work;
  enter(parts, pass, batch);
  for (const [i, { data }] of inputs.entries()) (pass.inputs[i] as ArrayValue).values.set(data);
  pass.forward();
  const losses = lossesOf(work);
  pass.backward();
  const metrics = measure(work);
  const next = leave(parts.model, pass);
  moveWeights(
    parts.optimizer,
    trainable.map((parameter) => ({
      parameter,
      values: parameter.variable.dataSync<'float32'>(),
      gradient: pass.gradient(parameter.variable),
    })),
  );
  parts.state.carry(next);
  const loss = Math.fround(losses.reduce((sum, value, i) => sum + value * (objective.lossWeights[i] as number), 0));
  return { sums: { rows: inputs[0]?.shape[0] as number, loss, outputLosses: losses.length === 1 ? [] : losses, metrics }, objective };
}

function plan({ model, objectiveFor }: TrainingParts, batch: Batch): ArrayWork | null {
  const { inputs: ports, outputs } = model;
  if (model.arrayPass === undefined || ports === undefined || outputs === undefined || !isPlain(batch)) return null;
  const names = outputs.map(({ name }) => name);
  const objective = objectiveFor(names);
  const losses = objective.losses.map((loss) => (loss?.numbers === undefined || loss.reduction === 'sum' ? null : loss.numbers));
  if (losses.includes(null)) return null;
  const inputs = inOrder(batch.x, ports, 'x');
  const targets = inOrder(batch.y as Arrays, outputs, 'y');
  if (inputs === null || targets === null || !inputs.every((array, i) => fits(array, ports[i] as Port))) return null;
  const rows = inputs[0]?.shape[0];
  if ([...inputs, ...targets].some(({ shape }) => shape[0] !== rows)) return null;
  const pass = model.arrayPass(inputs.map(({ shape }) => shape));
  if (pass === null || !pass.outputs.every(({ shape }, i) => isTargetOf((targets[i] as NdArray).shape, shape))) return null;
  return { pass, objective, inputs, targets, losses: losses as LossOfNumbers[] };
}

/** No masks, no weights, every step real. */
function isPlain({ y, mask, sampleWeight, lengths, x }: Batch): boolean {
  if (y === undefined || mask !== undefined || sampleWeight !== undefined) return false;
  if (lengths === undefined) return true;
  const steps = isNdArray(x) ? x.shape[1] : undefined;
  return lengths.every((length) => length === steps);
}

function inOrder(arrays: Arrays, ports: readonly Port[], where: string): readonly NdArray[] | null {
  if (isNdArray(arrays) && ports.length === 1) return [arrays];
  const ordered = orderByName<NdArray>(arrays, { names: ports.map(({ name }) => name), isOne: isNdArray, where });
  return ordered.every((array) => array !== undefined) ? (ordered as NdArray[]) : null;
}

function fits({ shape }: NdArray, port: Port): boolean {
  return shape.length === port.shape.length && port.shape.every((length, axis) => length === null || length === shape[axis]);
}

/** The same shape, or one that lacks a last axis of length 1 that the other has. */
function isTargetOf(target: readonly number[], output: readonly number[]): boolean {
  const shorter = Math.min(target.length, output.length);
  const longer = target.length > output.length ? target : output;
  return longer.slice(shorter).every((length) => length === 1) && longer.length - shorter < 2 && same(target, output, shorter);
}

function same(a: readonly number[], b: readonly number[], axes: number): boolean {
  for (let axis = 0; axis < axes; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/** Puts the carried state of this batch's lanes into the pass. */
function enter({ state }: TrainingParts, pass: ArrayPass, batch: Batch): void {
  tf.tidy(() => {
    const carried = state.enter((pass.inputs[0] as ArrayValue).shape[0] as number, batch.starts);
    for (const [path, { before }] of Object.entries(pass.state)) {
      const tensors = carried?.[path];
      before.given = tensors !== undefined;
      for (const [i, tensor] of (tensors ?? []).entries()) (before.arrays[i] as Float32Array).set(tensor.dataSync());
    }
  });
}

/** The state to carry on: tensors that outlive every tidy. */
function leave({ statefulCalls = [] }: TrainableModel, { state }: ArrayPass): State {
  const tensors = (path: string) => {
    const { after = [], shapes = [] } = state[path] ?? {};
    return after.map((values, i) => tf.keep(tf.tensor(values.slice(), [...(shapes[i] as readonly number[])])));
  };
  return Object.fromEntries(statefulCalls.map((path) => [path, tensors(path)]));
}

/** The loss of each output, the mean of its elements; adds its derivatives to the output's gradient. */
function lossesOf({ pass, objective, targets, losses }: ArrayWork): number[] {
  return pass.outputs.map(({ values, gradient }, i) => {
    const { value, slope } = losses[i] as LossOfNumbers;
    const target = (targets[i] as NdArray).data;
    const factor = (objective.lossWeights[i] as number) / values.length;
    let sum = 0;
    for (let k = 0; k < values.length; k++) {
      const wanted = Math.fround(target[k] as number);
      const given = values[k] as number;
      sum += value(wanted, given);
      gradient[k] = (gradient[k] as number) + slope(wanted, given) * factor;
    }
    return Math.fround(sum / values.length);
  });
}

/** The sums of the metrics, which are made of tensors. */
function measure({ pass, objective, targets }: ArrayWork): readonly (readonly number[])[] {
  if (objective.metrics.length === 0) return [];
  let sums: readonly (readonly number[])[] = [];
  tf.tidy(() => {
    const tensors = pass.outputs.map(({ values, shape }) => tf.tensor(values.slice(), [...shape]));
    const measures = measurePass(objective, {
      outputs: { names: objective.names, tensors },
      result: { masks: [] },
      feed: { targets: targets.map((array) => toTensor(array)), sampleWeights: undefined, stepMask: null, rowMask: null },
    });
    sums = measures.map((measure) => measure.flatMap((sum) => (typeof sum === 'number' ? [sum] : [...sum.dataSync()])));
  });
  return sums;
}
