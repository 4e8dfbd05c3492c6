import { type Arrays, CellstateError, isNdArray, type NdArray } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { alignTarget } from '../losses/align-target.ts';
import { fitWeight, product } from '../losses/fit-weight.ts';
import type { Loss } from '../losses/loss.ts';
import { reduceLoss } from '../losses/reduce-loss.ts';
import type { CallResult, Parameter, Port, Tensors } from '../trainable-model.ts';
import type { Feed } from './feed.ts';
import type { Objective } from './objective.ts';
import { orderByName } from './order-by-name.ts';
import { outputMask } from './output-mask.ts';

const isTensor = (value: unknown) => value instanceof tf.Tensor;

/** The model's outputs in order, with a name for each. */
export interface Outputs {
  readonly names: readonly string[];
  readonly tensors: readonly tf.Tensor[];
}

export function listOutputs(outputs: Tensors, ports: readonly Port[] | undefined): Outputs {
  if (isTensor(outputs) || Array.isArray(outputs)) {
    const tensors = (Array.isArray(outputs) ? outputs : [outputs]) as readonly tf.Tensor[];
    return { names: tensors.map((_, i) => ports?.[i]?.name ?? `output_${i}`), tensors };
  }
  const record = outputs as Readonly<Record<string, tf.Tensor>>;
  const names = ports?.map((port) => port.name) ?? Object.keys(record);
  return { names, tensors: names.map((name) => record[name] as tf.Tensor) };
}

export interface LossOfPass {
  /** Everything the weights are moved by. */
  readonly total: tf.Scalar;
  /** Each output's own loss, not weighted; only when there are several outputs. */
  readonly each: readonly tf.Scalar[];
}

/** The loss of one pass: losses of the outputs, penalties of the pass, and penalties on the weights. */
export function lossOfPass(
  objective: Objective,
  { outputs, result, feed, parameters }: { outputs: Outputs; result: CallResult; feed: Feed; parameters: readonly Parameter[] },
): LossOfPass {
  const targets = ordered(feed.targets, { names: outputs.names, where: 'y' });
  const targetArrays = orderedArrays(feed.targetArrays, outputs.names);
  const weights = ordered(feed.sampleWeights, { names: outputs.names, where: 'sampleWeight' });
  const each: tf.Scalar[] = [];
  const terms: tf.Scalar[] = [];
  for (const [i, loss] of objective.losses.entries()) {
    if (loss === null) continue;
    const where = `loss of ${outputs.names[i]}`;
    const output = outputs.tensors[i] as tf.Tensor;
    const target = targets[i];
    if (target === undefined) throw noTarget(outputs.names[i] as string);
    const pair = alignTarget(target, output, { kind: loss.target, where });
    loss.check?.((targetArrays[i] as NdArray).data, output.shape);
    const value = reduceLoss(loss, {
      ...pair,
      ...logitsFor(loss, { target, output, logits: result.logits?.[i] }),
      mask: maskOf(i, { output, result, feed }),
      sampleWeight: weights[i] ?? null,
      where,
    });
    each.push(value);
    const factor = objective.lossWeights[i] as number;
    terms.push(factor === 1 ? value : tf.mul(value, factor));
  }
  for (const { regularizer, trainable, variable } of parameters) {
    if (trainable && regularizer) terms.push(regularizer(variable));
  }
  terms.push(...result.penalties);
  return { total: terms.length === 1 ? (terms[0] as tf.Scalar) : tf.addN(terms), each: objective.names.length === 1 ? [] : each };
}

/** What of a feed outputs are measured by. */
export type Measuring = Pick<Feed, 'targets' | 'sampleWeights' | 'stepMask' | 'rowMask'>;

/** The sums of every metric over this batch, outside of any tape. */
export function measurePass(
  objective: Objective,
  { outputs, result, feed }: { outputs: Outputs; result: Pick<CallResult, 'masks' | 'logits'>; feed: Measuring },
): readonly (readonly (tf.Tensor | number)[])[] {
  const targets = ordered(feed.targets, { names: outputs.names, where: 'y' });
  const weights = ordered(feed.sampleWeights, { names: outputs.names, where: 'sampleWeight' });
  return objective.metrics.map(({ metric, output: i, weighted, key }) => {
    const output = outputs.tensors[i] as tf.Tensor;
    const target = targets[i];
    if (target === undefined) throw noTarget(outputs.names[i] as string);
    const where = `metric ${key}`;
    const seen = metric.ignoresMasks === true ? { masks: [] } : result;
    return metric.measure({
      ...alignTarget(target, output, { kind: metric.target, where }),
      ...logitsFor(metric, { target, output, logits: result.logits?.[i] }),
      weight: (shape) => {
        const mask = fitWeight(maskOf(i, { output, result: seen, feed }), shape, { what: 'mask', where });
        return weighted ? product(mask, fitWeight(weights[i] ?? null, shape, { what: 'sampleWeight', where })) : mask;
      },
    });
  });
}

function maskOf(
  i: number,
  { output, result, feed }: { output: tf.Tensor; result: Pick<CallResult, 'masks'>; feed: Measuring },
): tf.Tensor | null {
  return outputMask(output.shape, { own: result.masks[i] ?? null, steps: feed.stepMask, rows: feed.rowMask });
}

/** As in Keras, a loss by element sees no logits of a prediction that has not as many axes as its target. */
function logitsFor(
  { usesLogits, target: kind }: Pick<Loss, 'usesLogits' | 'target'>,
  { target, output, logits }: { readonly target: tf.Tensor; readonly output: tf.Tensor; readonly logits: tf.Tensor | null | undefined },
): { readonly logits?: tf.Tensor } {
  if (usesLogits !== true || logits === null || logits === undefined) return {};
  return kind === 'same' && target.rank !== output.rank ? {} : { logits };
}

function ordered(structure: Feed['targets'], { names, where }: { names: readonly string[]; where: string }): (tf.Tensor | undefined)[] {
  return structure === undefined ? [] : orderByName<tf.Tensor>(structure, { names, isOne: isTensor, where });
}

function orderedArrays(arrays: Arrays | undefined, names: readonly string[]): (NdArray | undefined)[] {
  return arrays === undefined ? [] : orderByName<NdArray>(arrays, { names, isOne: isNdArray, where: 'y' });
}

function noTarget(name: string): CellstateError {
  return new CellstateError('NO_TARGET', `There is no target for the output '${name}'.`, {
    expected: 'y',
    received: 'none',
    where: name,
    hint: 'An autoencoder is trained with y equal to x.',
  });
}
