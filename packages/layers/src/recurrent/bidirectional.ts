import { CellstateError, type CellstateErrorDetails } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CallContext, Layer, LayerDefinition, LayerOptions, Recurrence, SymbolicTensor, TensorSpec } from '../contract.ts';
import { checkLayerOptions, defineLayer, inputShapeOf } from '../layer.ts';
import { bidirectionalPass } from './bidirectional-pass.ts';

/** How the two directions become one output. */
export type MergeMode = 'concat' | 'sum' | 'mul' | 'ave' | null;

export interface BidirectionalOptions extends LayerOptions {
  /** The recurrent layer for the forward direction; a copy of it is used. */
  readonly layer: Layer<unknown>;
  /** Default concat, along the last axis. null: both outputs, `[forward, backward]`. */
  readonly mergeMode?: MergeMode;
  /** The layer for the backward direction, with `goBackwards` the opposite. Default: a copy of `layer`. */
  readonly backwardLayer?: Layer<unknown>;
}

const MERGES: Readonly<Record<string, (forward: Tensor, backward: Tensor) => Tensor>> = {
  concat: (forward, backward) => tf.concat([forward, backward], -1),
  sum: (forward, backward) => tf.add(forward, backward),
  mul: (forward, backward) => tf.mul(forward, backward),
  ave: (forward, backward) => tf.mul(tf.add(forward, backward), 0.5),
};

/**
 * Runs a recurrent layer forward and a copy of it backward over the same sequence and merges what they give; step t of the output
 * has seen the whole sequence (Schuster and Paliwal, 1997). Keras' Bidirectional: with `returnSequences` masked steps give zeros; with
 * `returnState` the states follow, forward first. Its two states are carried like any others when the layer is stateful.
 *
 * @throws CellstateError `INVALID_OPTION` for an unknown merge mode, a layer that is not recurrent, or two layers that do not match;
 * `UNKNOWN_OPTION`.
 *
 * @example
 * ```ts
 * import { bidirectional, input, lstm } from '@cellstate/layers';
 *
 * bidirectional({ layer: lstm({ units: 3, returnSequences: true }) }).apply(input({ shape: [5, 2] })).shape; // → [null, 5, 6]
 * ```
 */
export function bidirectional<Output = SymbolicTensor>(options: BidirectionalOptions): Layer<Output> {
  checkLayerOptions(options, ['layer', 'mergeMode', 'backwardLayer'], 'bidirectional');
  const { layer, backwardLayer, mergeMode = 'concat' } = options;
  if (mergeMode !== null && !Object.hasOwn(MERGES, mergeMode)) {
    throw invalid('The merge mode is not known.', {
      expected: 'concat, sum, mul, ave or null',
      received: String(mergeMode),
      where: 'mergeMode',
    });
  }
  const { returnSequences, returnState, goBackwards, stateful, stateShapes } = recurrenceOf(layer, 'layer');
  if (backwardLayer !== undefined) checkMatch(layer, backwardLayer);
  else if (goBackwards) {
    throw invalid('The layer must read time forwards unless there is another for the way back.', {
      expected: 'goBackwards: false, or a backwardLayer that reads forwards',
      received: 'goBackwards: true',
      where: 'layer',
    });
  }
  const forward = recurrenceOf(layer, 'layer').variant({ name: prefixed('forward', layer.name), zeroOutputForMask: returnSequences });
  const backward =
    backwardLayer === undefined
      ? recurrenceOf(layer, 'layer').variant({
          name: prefixed('backward', layer.name),
          goBackwards: true,
          zeroOutputForMask: returnSequences,
        })
      : recurrenceOf(backwardLayer, 'backwardLayer').variant({ name: backwardLayer.name, zeroOutputForMask: returnSequences });
  const backwardShapes = recurrenceOf(backward, 'backwardLayer').stateShapes;

  const definition: LayerDefinition = {
    className: 'Bidirectional',
    masking: returnSequences ? 'pass' : 'drop',
    maskedOutputs: mergeMode === null ? 2 : 1,
    streaming: 'never',
    children: [
      { role: 'forward_layer', part: forward },
      { role: 'backward_layer', part: backward },
    ],
    innerCalls: [forward, backward].map((inner) => ({ layer: inner, name: inner.name, wired: false })),
    initialStateShapes: [...stateShapes, ...backwardShapes],
    config: () => ({
      mergeMode,
      layer: { className: forward.className, config: forward.getConfig() },
      backwardLayer: { className: backward.className, config: backward.getConfig() },
    }),
    outputs: (inputs) => {
      const [ahead, ...aheadStates] = forward.definition.outputs(inputs) as [TensorSpec, ...TensorSpec[]];
      const [back, ...backStates] = backward.definition.outputs(inputs) as [TensorSpec, ...TensorSpec[]];
      const states = [...aheadStates, ...backStates];
      if (mergeMode === null) return [ahead, back, ...states];
      return [{ ...ahead, shape: mergedShape(ahead, back, mergeMode) }, ...states];
    },
    arrayPass: (context) => {
      if (mergeMode === null || returnState || stateful) return null;
      return bidirectionalPass([forward, backward], context, { mergeMode, returnSequences });
    },
    call: (inputs, context) => {
      const [ahead, ...aheadStates] = runHalf(forward, inputs, context, [0, stateShapes.length]);
      const [back, ...backStates] = runHalf(backward, inputs, context, [stateShapes.length, undefined]);
      const aligned = returnSequences ? tf.reverse(back as Tensor, 1) : (back as Tensor);
      const merged = mergeMode === null ? [ahead as Tensor, aligned] : [(MERGES[mergeMode] as Merge)(ahead as Tensor, aligned)];
      return { outputs: [...merged, ...(returnState ? [...aheadStates, ...backStates] : [])] };
    },
  };
  return defineLayer<Output>(definition, { ...inputShapeOf(layer), ...options });
}

type Merge = (forward: Tensor, backward: Tensor) => Tensor;

function runHalf(
  half: Layer<unknown>,
  inputs: readonly Tensor[],
  context: CallContext,
  [start, end]: readonly [number, number | undefined],
): readonly Tensor[] {
  const initialState = context.initialState?.slice(start, end) ?? null;
  return context.call(half, inputs, { masks: context.masks, initialState }).outputs;
}

function recurrenceOf(layer: Layer<unknown>, option: string): Recurrence {
  const recurrence = layer?.definition?.recurrence;
  if (recurrence !== undefined) return recurrence;
  throw invalid('Only a recurrent layer can run in both directions.', {
    expected: 'lstm(…), gru(…), simpleRnn(…) or rnn(…)',
    received: layer?.className ?? typeof layer,
    where: option,
  });
}

function checkMatch(layer: Layer<unknown>, backwardLayer: Layer<unknown>): void {
  const ahead = recurrenceOf(layer, 'layer');
  const back = recurrenceOf(backwardLayer, 'backwardLayer');
  if (ahead.goBackwards === back.goBackwards) {
    throw invalid('The two layers must read time in opposite directions.', {
      expected: `goBackwards: ${!ahead.goBackwards}`,
      received: `goBackwards: ${back.goBackwards}`,
      where: 'backwardLayer',
    });
  }
  for (const option of ['stateful', 'returnSequences', 'returnState'] as const) {
    if (ahead[option] === back[option]) continue;
    throw invalid(`The two layers must agree in ${option}.`, {
      expected: `${option}: ${ahead[option]}`,
      received: `${option}: ${back[option]}`,
      where: 'backwardLayer',
    });
  }
}

function mergedShape(ahead: TensorSpec, back: TensorSpec, mode: string): readonly (number | null)[] {
  const [a, b] = [ahead.shape.at(-1) as number, back.shape.at(-1) as number];
  if (mode === 'concat') return [...ahead.shape.slice(0, -1), a + b];
  if (a === b) return ahead.shape;
  throw new CellstateError('SHAPE_MISMATCH', 'The two directions must have as many units to be merged so.', {
    expected: `${a} units in both`,
    received: `${a} and ${b}`,
    where: 'mergeMode',
    hint: "mergeMode: 'concat' joins outputs of any length.",
  });
}

/** Keras does not double a prefix that is there. */
function prefixed(direction: string, name: string): string {
  return name.startsWith(`${direction}_`) ? name : `${direction}_${name}`;
}

function invalid(what: string, { expected, received, where }: CellstateErrorDetails): CellstateError {
  return new CellstateError('INVALID_OPTION', what, { expected, received, where: `bidirectional, ${where}` });
}
