import { CellstateError, describe } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions, Shape } from '../contract.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

export interface LambdaOptions extends LayerOptions {
  /** A pure function of the input, or of the list of inputs. Tensors it makes on the way are freed. */
  readonly function: (inputs: Tensor | readonly Tensor[]) => Tensor;
  /** The output's shape without the batch, or a function of the inputs' shapes without theirs. Default: the (first) input's. */
  readonly outputShape?: Shape | ((shapes: readonly Shape[]) => Shape);
  /** The output's mask, from the mask of each input. Default: none. */
  readonly mask?: (masks: readonly (Tensor | null)[]) => Tensor | null;
}

/**
 * Wraps a function of tensors as a layer without parameters: any shape → `outputShape`. Keras' Lambda.
 *
 * A model with it cannot be written to a file: code does not travel. `defineLayer` makes a layer that can. Under `stream()` an
 * input with a time axis is refused, since nothing is known about the function.
 *
 * @throws CellstateError `INVALID_OPTION` without a function; `SHAPE_MISMATCH` at the call, when the result does not have the
 * shape stated; `NOT_SERIALIZABLE` from `getConfig`.
 *
 * @example
 * ```ts
 * import { lambda, sequential } from '@cellstate/layers';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const m = sequential([lambda({ function: (x) => tf.mul(x as tf.Tensor, 10), inputShape: [2] })]);
 * (await m.predict([[1, 2]])).toNested(); // → [[10, 20]]
 * ```
 */
export function lambda(options: LambdaOptions): Layer {
  checkLayerOptions(options, ['function', 'outputShape', 'mask'], 'lambda');
  const { function: compute, outputShape, mask } = options;
  if (typeof compute !== 'function') {
    throw new CellstateError('INVALID_OPTION', 'A lambda layer needs a function.', {
      expected: '{ function: (x) => … }',
      received: typeof compute,
      where: 'lambda, function',
    });
  }
  const shapeOf = (shapes: readonly Shape[]): Shape => {
    if (outputShape === undefined) return shapes[0]?.slice(1) ?? [];
    return typeof outputShape === 'function' ? outputShape(shapes.map((shape) => shape.slice(1))) : outputShape;
  };
  return defineLayer(
    {
      className: 'Lambda',
      config() {
        throw new CellstateError('NOT_SERIALIZABLE', 'A function cannot be written to a file.', {
          expected: 'a layer made of options',
          received: 'a lambda layer',
          where: options.name ?? 'lambda',
          hint: 'Make a layer of your own with defineLayer, whose config says what it is.',
        });
      },
      outputs: (inputs) => [{ shape: [inputs[0]?.shape[0] ?? null, ...shapeOf(inputs.map(({ shape }) => shape))], dtype: 'float32' }],
      call(inputs, { masks }) {
        const output = compute(inputs.length === 1 ? (inputs[0] as Tensor) : inputs);
        const stated = shapeOf(inputs.map(({ shape }) => shape));
        const fits = output.rank === stated.length + 1 && stated.every((length, i) => length === null || length === output.shape[i + 1]);
        if (!fits) {
          throw new CellstateError('SHAPE_MISMATCH', 'The function gave another shape than the layer states.', {
            expected: describe([null, ...stated]),
            received: describe(output.shape),
            where: options.name ?? 'lambda',
            hint: 'State the shape, without the batch, as outputShape.',
          });
        }
        return { outputs: [output], masks: [mask?.(masks) ?? null] };
      },
    },
    options,
  );
}
