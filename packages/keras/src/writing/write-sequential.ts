import type { Config } from '@cellstate/layers';
import type { Json, JsonObject } from '../config/json.ts';
import { isModel } from '../weights/weight-places.ts';
import type { Described, Within } from './described.ts';
import { serialized } from './write-value.ts';

/** The configuration of a row of layers. Its input comes first, as in Keras. */
export function writeSequential(
  { name, trainable, batchInputShape, inputDtype, inputName, layers }: Config,
  { where, part, writeLayer }: Within,
): JsonObject {
  const input = { batch_shape: batchInputShape as Json, dtype: inputDtype as Json, sparse: false, name: inputName as Json };
  return {
    name: name as Json,
    trainable: trainable as Json,
    dtype: 'float32',
    layers: [
      serialized('keras.layers', 'InputLayer', input),
      ...(layers as unknown as Described[]).map((layer, i) =>
        writeLayer(layer, { where, part: part !== undefined && isModel(part) ? part.layers[i] : undefined }),
      ),
    ],
    build_input_shape: batchInputShape as Json,
  };
}
