import type { Tensor, Variable } from '@tensorflow/tfjs-core';

/** Reads a parameter's values as they are at each call. A step of an optimizer gives a variable new data, and so an id. */
export function liveValues(parameter: Tensor): () => Float32Array {
  let id: Variable['dataId'] | null = null;
  let values: Float32Array = new Float32Array(0);
  return () => {
    if (parameter.dataId !== id) {
      values = parameter.dataSync<'float32'>();
      id = parameter.dataId;
    }
    return values;
  };
}
