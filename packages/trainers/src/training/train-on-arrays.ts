import type { Arrays, Batch, NdArray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LossOfNumbers } from '../losses/loss.ts';
import type { ArrayValue, Parameter, Port } from '../trainable-model.ts';
import { type ArrayBatch, arrayBatch, inOrder, runForward, stateAfter } from './array-batch.ts';
import type { ByteMask } from './batch-masks.ts';
import { toTensor } from './feed.ts';
import { moveWeights } from './move-weights.ts';
import type { Objective } from './objective.ts';
import { outputMask } from './output-mask.ts';
import { measurePass } from './pass.ts';
import type { BatchSums } from './running-logs.ts';
import type { TestParts } from './test-step.ts';
import type { StepOptions, TrainingParts } from './train-step.ts';

/** A batch with its targets and losses, to be run on plain arrays. */
interface ArrayWork {
  readonly batch: ArrayBatch;
  readonly objective: Objective;
  readonly targets: readonly NdArray[];
  readonly losses: readonly LossOfNumbers[];
}

/** What a step gave. */
export interface Measured {
  readonly sums: BatchSums;
  readonly objective: Objective;
}

/**
 * One training step on plain arrays, the same as on tensors but for rounding; null where the model, the loss or the batch asks for what
 * only tensors have, errors included: nothing has happened then.
 */
export function trainOnArrays(parts: TrainingParts, batch: Batch, { parameters }: StepOptions): Measured | null {
  const work = plan(parts, batch, { parameters, training: true });
  if (work === null) return null;
  const { pass } = work.batch;
  runForward(work.batch, parts.state, batch.starts);
  const losses = lossesOf(work);
  pass.backward();
  const measured = measure(work, losses);
  moveWeights(
    parts.optimizer,
    parameters
      .filter(({ trainable }) => trainable)
      .map((parameter) => ({
        parameter,
        values: parameter.variable.dataSync<'float32'>(),
        gradient: pass.gradient(parameter.variable),
      })),
  );
  parts.state.carry(stateAfter(pass, parts.model));
  return measured;
}

/** Loss and metrics of one batch on plain arrays, without training; null as in `trainOnArrays`. */
export function testOnArrays(parts: TestParts, batch: Batch, { parameters }: Pick<StepOptions, 'parameters'>): Measured | null {
  const work = plan(parts, batch, { parameters, training: false });
  if (work === null) return null;
  runForward(work.batch, parts.state, batch.starts);
  const measured = measure(work, lossesOf(work));
  parts.state.carry(stateAfter(work.batch.pass, parts.model));
  return measured;
}

function plan(
  { model, objectiveFor }: TestParts,
  batch: Batch,
  { parameters, training }: { parameters: readonly Parameter[]; training: boolean },
): ArrayWork | null {
  const { outputs } = model;
  if (outputs === undefined || batch.y === undefined || batch.sampleWeight !== undefined || parameters.some(isPenalized)) return null;
  const objective = objectiveFor(outputs.map(({ name }) => name));
  const losses = objective.losses.map((loss) => (loss?.numbers === undefined || loss.reduction === 'sum' ? null : loss.numbers));
  if (losses.includes(null) || objective.metrics.some(({ metric }) => metric.usesLogits === true)) return null;
  const planned = arrayBatch(model, batch, { training });
  const targets = planned === null ? null : inOrder(batch.y as Arrays, outputs as readonly Port[], 'y');
  if (planned === null || targets === null) return null;
  const fit = planned.pass.outputs.every(({ shape }, i) => isTargetOf((targets[i] as NdArray).shape, shape));
  return fit ? { batch: planned, objective, targets, losses: losses as LossOfNumbers[] } : null;
}

function isPenalized({ trainable, regularizer }: Parameter): boolean {
  return trainable && regularizer !== undefined && regularizer !== null;
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

/** The loss of each output, the mean of its elements that count; adds its derivatives to the output's gradient. */
function lossesOf(work: ArrayWork): number[] {
  const { objective, targets, losses } = work;
  const { pass, masks } = work.batch;
  return pass.outputs.map((output, i) => {
    const { values, gradient } = output;
    const { value, slope } = losses[i] as LossOfNumbers;
    const target = (targets[i] as NdArray).data;
    const counts = outputMask(output.shape, { ...masks, own: ownMask(output) })?.data ?? ALL;
    const each = values.length / counts.length;
    const counted = counts.reduce((sum, count) => sum + count, 0) * each;
    const factor = (objective.lossWeights[i] as number) / Math.max(counted, 1);
    let sum = 0;
    for (let entry = 0, k = 0; entry < counts.length; entry++) {
      const count = counts[entry] as number;
      for (const end = k + each; k < end; k++) {
        const wanted = Math.fround(target[k] as number);
        const given = values[k] as number;
        sum += value(wanted, given) * count;
        gradient[k] = (gradient[k] as number) + slope(wanted, given) * factor * count;
      }
    }
    return Math.fround(sum / Math.max(counted, 1));
  });
}

/** In the place of a mask: one entry, in which everything counts. */
const ALL = Uint8Array.of(1);

/** The mask that comes with an output of a pass. */
function ownMask({ shape, mask }: ArrayValue): ByteMask | null {
  return mask?.given ? { data: mask.values, shape: shape.slice(0, 2) } : null;
}

/** The numbers of a batch, as tensors would give them. */
function measure(work: ArrayWork, losses: readonly number[]): Measured {
  const { objective } = work;
  const { rows } = work.batch;
  const loss = Math.fround(losses.reduce((sum, value, i) => sum + value * (objective.lossWeights[i] as number), 0));
  const metrics = objective.metrics.length === 0 ? [] : metricsOf(work);
  return { sums: { rows, loss, outputLosses: losses.length === 1 ? [] : losses, metrics }, objective };
}

/** The sums of the metrics, which are made of tensors. */
function metricsOf({ batch: { pass, masks }, objective, targets }: ArrayWork): number[][] {
  const maskTensor = (mask: ByteMask | null) => (mask === null ? null : toTensor(mask, 'bool'));
  let sums: number[][] = [];
  tf.tidy(() => {
    const tensors = pass.outputs.map(({ values, shape }) => tf.tensor(values.slice(), [...shape]));
    const measures = measurePass(objective, {
      outputs: { names: objective.names, tensors },
      result: { masks: pass.outputs.map((output) => maskTensor(ownMask(output))) },
      feed: {
        targets: targets.map((array) => toTensor(array)),
        sampleWeights: undefined,
        stepMask: maskTensor(masks.steps),
        rowMask: maskTensor(masks.rows),
      },
    });
    sums = measures.map((measure) => measure.flatMap((sum) => (typeof sum === 'number' ? [sum] : [...sum.dataSync()])));
  });
  return sums;
}
