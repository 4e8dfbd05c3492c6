import type { Tensor } from '@tensorflow/tfjs-core';
import type { Layer, LayerOptions } from '../contract.ts';
import { checkRank } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { checkPadding } from './check-padding.ts';
import { checkPositiveInteger } from './check-positive-integer.ts';
import { type TimeWindows, windowCount } from './time-windows.ts';

/** The options of both pooling layers. */
export interface PoolingOptions extends LayerOptions {
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
  checkLayerOptions(options, ['poolSize', 'strides', 'padding'], factory);
  const { poolSize = 2, padding = 'valid' } = options;
  checkPositiveInteger(poolSize, `${factory}, poolSize`);
  const strides = options.strides ?? poolSize;
  checkPositiveInteger(strides, `${factory}, strides`);
  checkPadding(padding, ['valid', 'same'], `${factory}, padding`);
  const windows = { size: poolSize, stride: strides, dilation: 1, padding };
  return defineLayer(
    {
      className,
      config: () => ({ poolSize, strides, padding }),
      outputs(inputs) {
        const { shape, dtype } = checkRank(inputs, 3, '[batch, time, features]');
        return [{ shape: [shape[0] ?? null, windowCount(shape[1] ?? null, windows), shape[2] ?? null], dtype }];
      },
      call: ([x]) => ({ outputs: [pool(x as Tensor, windows)] }),
    },
    options,
  );
}
