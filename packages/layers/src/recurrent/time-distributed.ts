import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type ArrayPass, type ArrayPassContext, type ArrayValue, reshaped } from '../array-pass.ts';
import type { CallContext, Layer, LayerDefinition, LayerOptions, LayerResult, Part, TensorSpec } from '../contract.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { recurrentCalls } from '../model/recurrent-calls.ts';

export interface TimeDistributedOptions extends LayerOptions {
  /** The layer for one step. Its parameters serve all steps. */
  readonly layer: Layer<unknown>;
}

/**
 * Applies a layer to every step of a sequence, `[batch, time, …]` → `[batch, time, …]`. Keras' TimeDistributed. A mask is passed on,
 * and the layer sees its part of each step.
 *
 * All steps go through the layer at once, as rows of one batch, unless its rows depend on each other (batch statistics) or it has an
 * activity regularizer: then step by step. A recurrent layer inside starts from zero at each step.
 *
 * @throws CellstateError `INVALID_OPTION` for a layer with several inputs or outputs, or a stateful one; `UNKNOWN_OPTION`;
 * `SHAPE_MISMATCH` for an input without a time axis.
 *
 * @example
 * ```ts
 * import { dense, input, timeDistributed } from '@cellstate/layers';
 *
 * timeDistributed({ layer: dense({ units: 4 }) }).apply(input({ shape: [null, 2] })).shape; // → [null, null, 4]
 * ```
 */
export function timeDistributed(options: TimeDistributedOptions): Layer {
  checkLayerOptions(options, ['layer'], 'timeDistributed');
  const { layer } = options;
  checkLayer(layer);
  const definition: LayerDefinition = {
    className: 'TimeDistributed',
    masking: 'pass',
    streaming: 'steps',
    children: [{ role: 'layer', part: layer, inputs: stepSpecs }],
    config: () => ({ layer: { className: layer.className, config: layer.getConfig() } }),
    outputs: (inputs) => {
      const [input] = inputs;
      if (inputs.length !== 1 || input === undefined || input.shape.length < 3) {
        throw new CellstateError('SHAPE_MISMATCH', 'There must be a time axis and something in each step.', {
          expected: '[batch, time, …, features]',
          received: inputs.map(({ shape }) => describe(shape)).join(' and '),
          where: 'input',
        });
      }
      const outputs = layer.definition.outputs(stepSpecs(inputs));
      const [output] = outputs;
      if (output === undefined || outputs.length > 1) {
        throw new CellstateError('SHAPE_MISMATCH', 'The layer inside must have one output.', {
          expected: '1',
          received: String(outputs.length),
          where: 'layer',
        });
      }
      return [{ shape: [output.shape[0] ?? null, input.shape[1] ?? null, ...output.shape.slice(1)], dtype: output.dtype }];
    },
    arrayStep: (context) => layer.definition.arrayStep?.({ ...context, parameter: (name) => layer.parameter(name) }) ?? null,
    arrayPass: (context) => (stepByStep(layer) || layer.definition.recurrence !== undefined ? null : rowsPass(layer, context)),
    call: ([x], context) => (stepByStep(layer) ? eachStep(layer, x as Tensor, context) : allSteps(layer, x as Tensor, context)),
  };
  return defineLayer(definition, options);
}

/** The inner layer's pass over `[batch · time, …]`, on plain arrays. */
function rowsPass(layer: Layer<unknown>, context: ArrayPassContext): ArrayPass | null {
  const [input] = context.inputs as [ArrayValue];
  const [batch, time, ...rest] = input.shape as [number, number, ...number[]];
  const pass = layer.definition.arrayPass?.({
    ...context,
    inputs: [reshaped(input, [batch * time, ...rest])],
    parameter: (name) => layer.parameter(name),
  });
  return pass ? { ...pass, output: reshaped(pass.output, [batch, time, ...pass.output.shape.slice(1)]) } : null;
}

/** One call over `[batch · time, …]`. */
function allSteps(layer: Layer<unknown>, x: Tensor, context: CallContext): LayerResult {
  const [batch, time] = x.shape as [number, number];
  const mask = context.masks[0] ?? null;
  checkMask(mask, x);
  const rows = tf.reshape(x, [batch * time, ...x.shape.slice(2)]);
  // A mask of [batch, time] has nothing left for the inside of a step; one of [batch, time, steps] does.
  const inner = mask === null || mask.rank < 3 ? null : tf.reshape(mask, [batch * time, ...mask.shape.slice(2)]);
  const { outputs } = context.call(layer, [rows], { masks: [inner], forgetful: true });
  const output = outputs[0] as Tensor;
  return { outputs: [tf.reshape(output, [batch, time, ...output.shape.slice(1)])] };
}

/** One call for each step. */
function eachStep(layer: Layer<unknown>, x: Tensor, context: CallContext): LayerResult {
  const mask = context.masks[0] ?? null;
  checkMask(mask, x);
  const masks = mask === null ? null : tf.unstack(mask, 1);
  const outputs = tf
    .unstack(x, 1)
    .map((step, t) => context.call(layer, [step], { masks: [masks?.[t] ?? null], forgetful: true }).outputs[0] as Tensor);
  return { outputs: [tf.stack(outputs, 1)] };
}

function stepByStep(layer: Layer<unknown>): boolean {
  const { definition, activityRegularizer } = layer;
  const inner = definition.children?.map(({ part }) => part).filter(isLayer) ?? [];
  return definition.couplesBatch === true || activityRegularizer !== null || inner.some(stepByStep);
}

function isLayer(part: Part): part is Layer<unknown> {
  return 'apply' in part;
}

function stepSpecs(inputs: readonly TensorSpec[]): readonly TensorSpec[] {
  return inputs.map(({ shape, dtype }) => ({ shape: [shape[0] ?? null, ...shape.slice(2)], dtype }));
}

function checkMask(mask: Tensor | null, x: Tensor): void {
  if (mask === null || (mask.shape[0] === x.shape[0] && mask.shape[1] === x.shape[1])) return;
  throw new CellstateError('SHAPE_MISMATCH', 'The mask does not fit the sequence.', {
    expected: describe(x.shape.slice(0, 2)),
    received: describe(mask.shape),
    where: 'mask',
  });
}

function checkLayer(layer: Layer<unknown>): void {
  const where = 'timeDistributed, layer';
  if (typeof layer?.definition?.call !== 'function') {
    throw new CellstateError('INVALID_OPTION', 'There must be a layer for the steps.', {
      expected: 'a layer',
      received: typeof layer,
      where,
    });
  }
  const self = { layer, name: layer.name, wired: false };
  if (recurrentCalls({ ...layer.definition, innerCalls: [self] }).some(({ stateful }) => stateful)) {
    throw new CellstateError('INVALID_OPTION', 'A stateful layer cannot be distributed over time.', {
      expected: 'stateful: false',
      received: layer.name,
      where,
      hint: 'Every step starts it from zero.',
    });
  }
}
