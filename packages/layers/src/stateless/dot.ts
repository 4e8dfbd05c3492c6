import { CellstateError, describe, size } from '@cellstate/core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions, Shape } from '../contract.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { resolveAxis } from './normalized-axes.ts';

export interface DotOptions extends LayerOptions {
  /** The axis that is summed over, of both inputs or of each; the batch is axis 0. */
  readonly axes: number | readonly [number, number];
  /** Scale both inputs to length 1 along their axis first, so that the result is the cosine. Default false. */
  readonly normalize?: boolean;
}

/**
 * Sums the products of two inputs along one axis of each, sample by sample: `[batch, a, k]` and `[batch, b, k]` with `axes: 2` →
 * `[batch, a, b]`; `[batch, k]` and `[batch, k]` with `axes: 1` → `[batch, 1]`. Keras' Dot.
 *
 * Drops masks.
 *
 * @throws CellstateError `INVALID_OPTION` for axes of another form; `INVALID_AXIS` for the batch or no axis; `SHAPE_MISMATCH`
 * unless there are two inputs of equal length along the axes.
 *
 * @example
 * ```ts
 * import { dot, input, model } from '@cellstate/layers';
 *
 * const [a, b] = [input({ shape: [2] }), input({ shape: [2] })];
 * const m = model({ inputs: [a, b], outputs: dot({ axes: 1 }).apply([a, b]) });
 * (await m.predict([[[1, 2]], [[3, 4]]])).toNested(); // → [[11]]
 * ```
 */
export function dot(options: DotOptions): Layer {
  checkLayerOptions(options, ['axes', 'normalize'], 'dot');
  const { axes, normalize = false } = options;
  const pair = typeof axes === 'number' ? [axes, axes] : axes;
  if (!Array.isArray(pair) || pair.length !== 2 || !pair.every(Number.isInteger)) {
    throw new CellstateError('INVALID_OPTION', 'The axes must be one number or two.', {
      expected: 'an integer, or [axis of the first input, axis of the second]',
      received: JSON.stringify(axes) ?? String(axes),
      where: 'dot, axes',
    });
  }
  const along = (shape: Shape, which: 0 | 1) => resolveAxis(pair[which] as number, shape.length);
  return defineLayer(
    {
      className: 'Dot',
      config: () => ({ axes: typeof axes === 'number' ? axes : [...axes], normalize }),
      outputs(inputs) {
        const [a, b] = inputs;
        if (a === undefined || b === undefined || inputs.length !== 2) {
          throw new CellstateError('SHAPE_MISMATCH', 'A product is of two inputs.', {
            expected: '2',
            received: String(inputs.length),
            where: 'inputs',
          });
        }
        const [first, second] = [along(a.shape, 0), along(b.shape, 1)];
        const [length, other] = [a.shape[first] ?? null, b.shape[second] ?? null];
        if (length !== null && other !== null && length !== other) {
          throw new CellstateError('SHAPE_MISMATCH', 'The axes that are summed over must have one length.', {
            expected: `${length} along axis ${second} of the second input`,
            received: `${describe(a.shape)} and ${describe(b.shape)}`,
            where: 'axes',
          });
        }
        const rest = [...without(a.shape, first), ...without(b.shape, second)];
        return [{ shape: [a.shape[0] ?? b.shape[0] ?? null, ...(rest.length === 0 ? [1] : rest)], dtype: 'float32' }];
      },
      call([a, b]) {
        const left = summedLast(a as Tensor, { axis: along((a as Tensor).shape, 0), normalize });
        const right = summedLast(b as Tensor, { axis: along((b as Tensor).shape, 1), normalize });
        const product = tf.matMul(left.matrix, right.matrix, false, true);
        const rest = [...left.rest, ...right.rest];
        return { outputs: [tf.reshape(product, [product.shape[0] as number, ...(rest.length === 0 ? [1] : rest)])] };
      },
    },
    options,
  );
}

/** A tensor as `[batch, all other axes, the axis summed over]`, and the lengths of those other axes. */
function summedLast(
  x: Tensor,
  { axis, normalize }: { readonly axis: number; readonly normalize: boolean },
): { matrix: Tensor3D; rest: number[] } {
  const rest = without(x.shape, axis) as number[];
  const order = [...x.shape.keys()].filter((i) => i !== axis);
  const last = axis === x.rank - 1 ? x : tf.transpose(x, [...order, axis]);
  const length = tf.sqrt(tf.maximum(tf.sum(tf.square(last), -1, true), 1e-14));
  return { matrix: tf.reshape(normalize ? tf.div(last, length) : last, [x.shape[0] as number, size(rest), x.shape[axis] as number]), rest };
}

function without(shape: Shape, axis: number): (number | null)[] {
  return shape.filter((_, i) => i !== 0 && i !== axis);
}
