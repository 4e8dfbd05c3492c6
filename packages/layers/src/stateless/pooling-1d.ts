import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { axisOrder, type DataFormatOptions } from './axis-order.ts';
import { checkPadding } from './check-padding.ts';
import { checkPositiveInteger } from './check-positive-integer.ts';
import { type TimeWindows, windowCount } from './time-windows.ts';

/** The options of both pooling layers. */
export interface PoolingOptions extends LayerOptions, DataFormatOptions {
  /** Steps in a window. Default 2. */
  readonly poolSize?: number;
  /** Steps from one window to the next. Default: poolSize, so that windows do not overlap. */
  readonly strides?: number | null;
  /** Default 'valid': whole windows only. 'same' takes the rest too; missing steps do not count. */
  readonly padding?: 'valid' | 'same';
}

/** What distinguishes the pooling layers. */
export interface Pooling {
  readonly className: string;
  /** The factory, for messages: `maxPooling1d`. */
  readonly factory: string;
  pool(x: Tensor, windows: TimeWindows): Tensor;
}

/** A layer that makes one step of each window: `[batch, time, features]` → `[batch, windows, features]`. */
export function pooling1d(pooling: Pooling, options: PoolingOptions): Layer {
  const { className, factory, pool } = pooling;
  checkLayerOptions(options, ['poolSize', 'strides', 'padding', 'dataFormat'], factory);
  const { poolSize = 2, padding = 'valid' } = options;
  checkPositiveInteger(poolSize, `${factory}, poolSize`);
  const strides = options.strides ?? poolSize;
  checkPositiveInteger(strides, `${factory}, strides`);
  checkPadding(padding, ['valid', 'same'], `${factory}, padding`);
  const order = axisOrder(options.dataFormat, factory);
  const windows = { size: poolSize, stride: strides, dilation: 1, padding };
  return defineLayer(
    {
      className,
      config: () => ({ poolSize, strides, padding, dataFormat: order.name }),
      outputs(inputs) {
        const { shape, dtype } = checkRank(inputs, 3, order.axes);
        const [batch = null, time = null, features = null] = order.swapShape(shape);
        return [{ shape: order.swapShape([batch, windowCount(time, windows), features]), dtype }];
      },
      call: ([x]) => ({ outputs: [order.swap(pool(order.swap(x as Tensor), windows))] }),
    },
    options,
  );
}
