import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions, Shape, TensorSpec } from '../contract.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

export interface ConcatenateOptions extends LayerOptions {
  /** The axis along which inputs are joined; the batch is axis 0 and cannot be joined. Default -1, the features. */
  readonly axis?: number;
}

/**
 * Joins inputs along an axis: `[batch, time, a]` and `[batch, time, b]` → `[batch, time, a + b]`. Keras' Concatenate.
 *
 * Masks: none if no input has one; an input without one counts as real throughout. Joined along the features, a step is real
 * when it is in any input; joined along time, masks are joined too.
 *
 * @throws CellstateError `INVALID_AXIS` for an axis that is 0 or not an integer; `SHAPE_MISMATCH` when inputs differ in another
 * axis.
 *
 * @example
 * ```ts
 * import { concatenate, input, model } from '@cellstate/layers';
 *
 * const [a, b] = [input({ shape: [2] }), input({ shape: [1] })];
 * const m = model({ inputs: [a, b], outputs: concatenate().apply([a, b]) });
 * (await m.predict([[[1, 2]], [[3]]])).toNested(); // → [[1, 2, 3]]
 * ```
 */
export function concatenate(options: ConcatenateOptions = {}): Layer {
  checkLayerOptions(options, ['axis'], 'concatenate');
  const { axis = -1 } = options;
  if (!Number.isInteger(axis) || axis === 0) throw invalidAxis(axis);
  return defineLayer(
    {
      className: 'Concatenate',
      streaming: axis === -1 || axis === 2 ? 'steps' : 'sequence',
      config: () => ({ axis }),
      outputs: (inputs) => [joined(inputs, axis)],
      call(inputs, { masks }) {
        const rank = (inputs[0] as Tensor).rank;
        const along = axis < 0 ? axis + rank : axis;
        return { outputs: [tf.concat([...inputs], along)], masks: [joinMasks(inputs, masks, along)] };
      },
    },
    options,
  );
}

function joined(inputs: readonly TensorSpec[], axis: number): TensorSpec {
  const [first] = inputs;
  if (first === undefined) {
    throw new CellstateError('SHAPE_MISMATCH', 'There is nothing to join.', {
      expected: 'a list of inputs',
      received: 'none',
      where: 'inputs',
    });
  }
  const rank = first.shape.length;
  const along = axis < 0 ? axis + rank : axis;
  if (along < 1 || along >= rank) throw invalidAxis(axis, first.shape);
  const shape = first.shape.map((_, i) => {
    const lengths = inputs.map((input) => input.shape[i] ?? null);
    if (i === along) return lengths.every((length) => length !== null) ? lengths.reduce((sum: number, length) => sum + length, 0) : null;
    return lengths.find((length) => length !== null) ?? null;
  });
  const fits = inputs.every(
    (input) => input.shape.length === rank && input.shape.every((length, i) => i === along || length === null || length === shape[i]),
  );
  if (!fits) {
    throw new CellstateError('SHAPE_MISMATCH', 'Inputs to join must agree in every other axis.', {
      expected: `equal lengths but along axis ${along}`,
      received: inputs.map((input) => describe(input.shape)).join(' and '),
      where: 'inputs',
    });
  }
  return { shape, dtype: first.dtype };
}

/** Masks are `[batch, time]`; for inputs without a time axis there is none. */
function joinMasks(inputs: readonly Tensor[], masks: readonly (Tensor | null)[], along: number): Tensor | null {
  if ((inputs[0] as Tensor).rank < 3 || masks.every((mask) => mask === null)) return null;
  const whole = inputs.map((input, i) => masks[i] ?? tf.ones(input.shape.slice(0, 2), 'bool')).map((mask) => tf.cast(mask, 'bool'));
  return along === 1 ? tf.concat(whole, 1) : whole.reduce((either, mask) => tf.logicalOr(either, mask));
}

function invalidAxis(axis: number, shape?: Shape): CellstateError {
  return new CellstateError('INVALID_AXIS', 'Inputs cannot be joined along this axis.', {
    expected:
      shape === undefined
        ? 'an integer other than 0, the batch'
        : `1 to ${shape.length - 1} or -1 to ${1 - shape.length} for ${describe(shape)}`,
    received: String(axis),
    where: shape === undefined ? 'concatenate, axis' : 'axis',
  });
}
