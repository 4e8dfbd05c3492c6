import { CellstateError, splitSeed } from '@cellstate/core';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CallContext, ChildCallOptions, ChildResult, Layer, LayerDefinition, LayerResult, State } from '../contract.ts';
import { placed } from './placed.ts';
import { tidyResult } from './tidy-result.ts';

/** One pass through a model: what it was asked, and what its layers leave behind. */
export interface Pass {
  readonly training: boolean;
  readonly seed: number | undefined;
  /** See `CallContext`. */
  readonly resumes: boolean;
  /** The state that enters, by call path. */
  readonly state: State;
  /** The state that leaves. */
  readonly nextState: Record<string, readonly Tensor[]>;
  readonly penalties: Scalar[];
  readonly updates: Map<Variable, Tensor>;
  /** What went into the softmax or sigmoid that gave a tensor; null unless asked for. */
  readonly logits: Map<Tensor, Tensor> | null;
  /** How often each path was called so far. */
  readonly calls: Map<string, number>;
}

export interface RunOptions extends ChildCallOptions {
  readonly pass: Pass;
  /** Path of the parent with a slash behind it, or the empty text. */
  readonly prefix: string;
  /** Whether every part above is trainable. */
  readonly trainable: boolean;
}

interface PassOptions {
  readonly training?: boolean;
  readonly seed?: number | undefined;
  readonly state?: State | undefined;
  readonly resumes?: boolean;
  readonly logits?: boolean;
}

/** Starts a pass. */
export function newPass({ training = false, seed, state = {}, resumes = false, logits = false }: PassOptions): Pass {
  return {
    training,
    seed,
    state,
    resumes,
    nextState: {},
    penalties: [],
    updates: new Map(),
    logits: logits ? new Map() : null,
    calls: new Map(),
  };
}

/** Runs one call of a layer within a pass. A layer without children frees what it made on the way at once. */
export function runLayer(layer: Layer<unknown>, inputs: readonly Tensor[], options: RunOptions): ChildResult {
  const { pass, prefix, forgetful = false, initialState = null } = options;
  const { definition } = layer;
  const place = `${prefix}${options.name ?? layer.name}`;
  const count = pass.calls.get(place) ?? 0;
  pass.calls.set(place, count + 1);
  const path = `${place}#${count}`;
  const within: Pass = forgetful ? { ...pass, state: {}, nextState: {} } : pass;
  const masks = inputs.map((_, index) => options.masks?.[index] ?? null);
  const used = options.mask === undefined ? masks : [options.mask, ...masks.slice(1)];
  const trainable = options.trainable && layer.trainable;
  const context: CallContext = {
    training: pass.training,
    resumes: pass.resumes,
    trainable,
    masks: used,
    state: definition.recurrence === undefined ? null : (within.state[path] ?? initialState),
    initialState,
    parameter: (name) => {
      const variable = layer.parameter(name);
      return pass.updates.get(variable as Variable) ?? variable;
    },
    seed: (own, key) => drawSeed(pass, path, { own, key }),
    call: (child, childInputs, childOptions = {}) =>
      runLayer(child, childInputs, { ...childOptions, pass: within, prefix: `${place}/`, trainable }),
  };
  const call = () => withoutLogits(definition.call(inputs, context), pass);
  const result = placed(path, () => (runsLayers(definition) ? call() : tidyResult(call)));
  if (result.state !== undefined) within.nextState[path] = result.state;
  for (const { name, value } of result.updates ?? []) pass.updates.set(layer.parameter(name) as Variable, value);
  for (const [index, logits] of (result.logits ?? []).entries()) {
    if (logits !== null) pass.logits?.set(result.outputs[index] as Tensor, logits);
  }
  penalize(layer, result, pass);
  // As in Keras, a mask that was given to the call takes the place of the input's in what is passed on, too.
  const passed = options.mask ? used : masks;
  return { outputs: result.outputs, masks: outputMasks(layer, result, passed) };
}

/** What child layers leave in the pass must outlive the call of their parent. */
function runsLayers({ children, recurrence }: LayerDefinition): boolean {
  return children !== undefined && recurrence === undefined;
}

/** Logits that nobody asked for do not outlive the layer. */
function withoutLogits(result: LayerResult, { logits: wanted }: Pass): LayerResult {
  if (wanted !== null || result.logits === undefined) return result;
  const { logits: _, ...rest } = result;
  return rest;
}

function penalize(layer: Layer<unknown>, { outputs, penalized = outputs }: LayerResult, pass: Pass): void {
  const { activityRegularizer } = layer;
  if (activityRegularizer === null) return;
  for (const output of penalized) pass.penalties.push(tf.div(activityRegularizer(output), output.shape[0] as number));
}

function outputMasks(layer: Layer<unknown>, result: LayerResult, masks: readonly (Tensor | null)[]): readonly (Tensor | null)[] {
  if (result.masks !== undefined) return result.masks;
  const { masking, maskedOutputs = 1 } = layer.definition;
  const first = masking === 'pass' ? (masks[0] ?? null) : null;
  return result.outputs.map((_, index) => (index < maskedOutputs ? first : null));
}

function drawSeed(pass: Pass, path: string, { own, key }: { own: number | null | undefined; key: string | undefined }): number {
  if (pass.seed === undefined) {
    throw new CellstateError('SEED_MISSING', 'This pass draws random numbers and needs a seed.', {
      expected: '{ seed: an integer, another one for each pass }',
      received: 'no seed',
      where: path,
      hint: 'A trainer passes one by itself.',
    });
  }
  const seed = splitSeed(pass.seed, own ?? path);
  return key === undefined ? seed : splitSeed(seed, key);
}
