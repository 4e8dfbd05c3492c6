import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions, Shape, TensorSpec } from '../contract.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

/** What distinguishes the layers that combine inputs value by value. */
export interface ElementwiseMerge {
  /** Keras' class: `Add`. */
  readonly className: string;
  /** The factory, for messages: `add`. */
  readonly factory: string;
  /** How many inputs it takes. Absent: one or more. */
  readonly count?: number;
  /**
   * Combines inputs of one rank; shapes broadcast.
   *
   * @param real for each input which of its steps are real, as bools that broadcast to it; null where it has no mask.
   */
  combine(inputs: readonly Tensor[], real: readonly (Tensor | null)[]): Tensor;
}

/**
 * A layer that combines inputs value by value. Lengths of 1 broadcast; an input with fewer axes gets new ones behind the
 * batch, so that `[batch, features]` meets every step of `[batch, time, features]`. The mask is real where any input's is, if
 * all have one, else none.
 */
export function elementwiseMerge(merge: ElementwiseMerge, options: LayerOptions): Layer {
  checkLayerOptions(options, [], merge.factory);
  return defineLayer(
    {
      className: merge.className,
      streaming: 'steps',
      config: () => ({}),
      outputs(inputs) {
        const { count } = merge;
        if (inputs.length === 0 || (count !== undefined && inputs.length !== count)) {
          throw new CellstateError('SHAPE_MISMATCH', 'The layer takes another number of inputs.', {
            expected: count === undefined ? 'one or more' : String(count),
            received: String(inputs.length),
            where: 'inputs',
          });
        }
        return [inputs.reduce(broadcast)];
      },
      call(inputs, { masks }) {
        const rank = Math.max(...inputs.map((input) => input.rank));
        const real = masks.map((mask) => (mask === null ? null : lengthen(tf.cast(mask, 'bool'), rank)));
        const output = merge.combine(
          inputs.map((input) => raise(input, rank)),
          real,
        );
        return { outputs: [output], masks: [either(masks)] };
      },
    },
    options,
  );
}

function raise(input: Tensor, rank: number): Tensor {
  if (input.rank === rank) return input;
  const [batch, ...rest] = input.shape;
  return tf.reshape(input, [batch as number, ...new Array<number>(rank - input.rank).fill(1), ...rest]);
}

function lengthen(mask: Tensor, rank: number): Tensor {
  return tf.reshape(mask, [...mask.shape, ...new Array<number>(rank - mask.rank).fill(1)]);
}

function either(masks: readonly (Tensor | null)[]): Tensor | null {
  const present = masks.filter((mask) => mask !== null);
  if (present.length < masks.length) return null;
  return present.map((mask) => tf.cast(mask, 'bool')).reduce((a, b) => tf.logicalOr(a, b));
}

function broadcast(a: TensorSpec, b: TensorSpec): TensorSpec {
  const rank = Math.max(a.shape.length, b.shape.length);
  const [left, right] = [padded(a.shape, rank), padded(b.shape, rank)];
  const shape = left.map((length, axis) => {
    const other = right[axis] ?? null;
    if (length === other || other === 1) return length;
    if (length === 1) return other;
    if (length === null || other === null) return length ?? other;
    throw new CellstateError('SHAPE_MISMATCH', 'Inputs must have the same shape, or lengths of 1 where they differ.', {
      expected: describe(a.shape),
      received: describe(b.shape),
      where: 'inputs',
    });
  });
  return { shape, dtype: a.dtype };
}

function padded([batch = null, ...rest]: Shape, rank: number): Shape {
  return [batch, ...new Array<number>(rank - 1 - rest.length).fill(1), ...rest];
}
