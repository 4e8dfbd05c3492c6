import { size } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type ArrayValue, reshapePass } from '../array-pass.ts';
import type { Layer, LayerOptions, TensorSpec } from '../contract.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';

/**
 * Lays all axes but the batch end to end: `[batch, time, features]` → `[batch, time · features]`. Keras' Flatten.
 *
 * An input `[batch]` becomes `[batch, 1]`. Drops the mask.
 *
 * @example
 * ```ts
 * import { flatten, sequential } from '@cellstate/layers';
 *
 * const m = sequential([flatten({ inputShape: [2, 2] })]);
 * (await m.predict([[[1, 2], [3, 4]]])).toNested(); // → [[1, 2, 3, 4]]
 * ```
 */
export function flatten(options: LayerOptions = {}): Layer {
  checkLayerOptions(options, [], 'flatten');
  return defineLayer(
    {
      className: 'Flatten',
      config: () => ({}),
      outputs: (inputs) => inputs.map(flat),
      arrayPass: (context) => {
        const { shape } = context.inputs[0] as ArrayValue;
        return reshapePass(context, [shape[0] as number, size(shape.slice(1))]);
      },
      call([x]) {
        const { shape } = x as Tensor;
        return { outputs: [tf.reshape(x as Tensor, [shape[0] as number, size(shape.slice(1))])] };
      },
    },
    options,
  );
}

function flat({ shape, dtype }: TensorSpec): TensorSpec {
  const rest = shape.slice(1);
  const known = rest.filter((length) => length !== null);
  return { shape: [shape[0] ?? null, known.length === rest.length ? size(known) : null], dtype };
}
