import { size } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type ArrayValue, reshapePass } from '../array-pass.ts';
import type { Layer, LayerOptions, TensorSpec } from '../contract.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { axisOrder, type DataFormatOptions } from './axis-order.ts';

export interface FlattenOptions extends LayerOptions, DataFormatOptions {}

/**
 * Lays all axes but the batch end to end: `[batch, time, features]` → `[batch, time · features]`. Keras' Flatten.
 *
 * An input `[batch]` becomes `[batch, 1]`. Drops the mask. With `dataFormat: 'channelsFirst'` axis 1 is taken to the end first, so that
 * `[batch, features, time]` gives what `[batch, time, features]` does.
 *
 * @throws CellstateError `INVALID_OPTION` for another order of axes.
 *
 * @example
 * ```ts
 * import { flatten, sequential } from '@cellstate/layers';
 *
 * const m = sequential([flatten({ inputShape: [2, 2] })]);
 * (await m.predict([[[1, 2], [3, 4]]])).toNested(); // → [[1, 2, 3, 4]]
 * ```
 */
export function flatten(options: FlattenOptions = {}): Layer {
  checkLayerOptions(options, ['dataFormat'], 'flatten');
  const { name } = axisOrder(options.dataFormat, 'flatten');
  return defineLayer(
    {
      className: 'Flatten',
      config: () => ({ dataFormat: name }),
      outputs: (inputs) => inputs.map(flat),
      arrayPass: (context) => {
        const { shape } = context.inputs[0] as ArrayValue;
        // Channels in front must change places with what is behind them.
        if (name === 'channelsFirst' && shape.length > 2) return null;
        return reshapePass(context, [shape[0] as number, size(shape.slice(1))]);
      },
      call([x]) {
        const { shape, rank } = x as Tensor;
        const swaps = name === 'channelsFirst' && rank > 2;
        const last = swaps ? tf.transpose(x as Tensor, [0, ...shape.slice(2).map((_, i) => i + 2), 1]) : (x as Tensor);
        return { outputs: [tf.reshape(last, [shape[0] as number, size(shape.slice(1))])] };
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
