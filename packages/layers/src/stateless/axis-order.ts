import { CellstateError } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { Shape, TensorSpec } from '../contract.ts';

/** Keras' names for `[batch, time, features]` and `[batch, features, time]`, in both spellings. */
export type DataFormat = 'channelsLast' | 'channelsFirst' | 'channels_last' | 'channels_first';

/** The options of layers that can take their axes in either order. */
export interface DataFormatOptions {
  /** 'channelsFirst' when the input and the output are `[batch, features, time]`. Default 'channelsLast', as all other layers have it. */
  readonly dataFormat?: DataFormat | null;
}

/** The order of a layer's axes, and the way between it and `[batch, time, features]`: one swap, there and back. */
export interface AxisOrder {
  readonly name: 'channelsLast' | 'channelsFirst';
  /** The axes in words. */
  readonly axes: string;
  readonly time: 1 | 2;
  readonly features: 1 | 2;
  swapShape(shape: Shape): Shape;
  swapSpec(spec: TensorSpec | undefined): TensorSpec | undefined;
  swap(x: Tensor): Tensor;
}

/** The order that `dataFormat` names. Throws `INVALID_OPTION` for another name. */
export function axisOrder(dataFormat: DataFormat | null | undefined, where: string): AxisOrder {
  const name = dataFormat ?? 'channelsLast';
  if (name === 'channelsLast' || name === 'channels_last') {
    return {
      name: 'channelsLast',
      axes: '[batch, time, features]',
      time: 1,
      features: 2,
      swapShape: (shape) => shape,
      swapSpec: (spec) => spec,
      swap: (x) => x,
    };
  }
  if (name !== 'channelsFirst' && name !== 'channels_first') {
    throw new CellstateError('INVALID_OPTION', 'There is no such order of axes.', {
      expected: 'channelsLast or channelsFirst',
      received: String(name),
      where: `${where}, dataFormat`,
    });
  }
  const swapShape = ([batch = null, first = null, second = null]: Shape): Shape => [batch, second, first];
  return {
    name: 'channelsFirst',
    axes: '[batch, features, time]',
    time: 2,
    features: 1,
    swapShape,
    swapSpec: (spec) => (spec?.shape.length === 3 ? { ...spec, shape: swapShape(spec.shape) } : spec),
    swap: (x) => tf.transpose(x, [0, 2, 1]),
  };
}
