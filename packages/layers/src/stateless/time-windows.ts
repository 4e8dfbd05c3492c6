import { CellstateError } from '@cellstate/core';
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/**
 * Windows over time, as convolutions and pooling see them: output step i reads the padded input at i · stride + tap · dilation,
 * for every tap from 0 to size − 1.
 */
export interface TimeWindows {
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly padding: Padding;
}

/**
 * `valid`: whole windows only. `same`: as many steps as go in (divided by the stride, rounded up), padded on both sides, the odd
 * step behind. `causal`: padded in front, so that no output sees a later step.
 */
export type Padding = 'valid' | 'same' | 'causal';

/** The number of output steps; null for an open length. Throws `SHAPE_MISMATCH` when there is not one whole window. */
export function windowCount(length: number | null, windows: TimeWindows): number | null {
  if (length === null) return null;
  const span = (windows.size - 1) * windows.dilation + 1;
  const count = windows.padding === 'valid' ? Math.floor((length - span) / windows.stride) + 1 : Math.ceil(length / windows.stride);
  if (count > 0) return count;
  throw new CellstateError('SHAPE_MISMATCH', 'The sequence is shorter than one window.', {
    expected: `at least ${span} steps`,
    received: `${length} steps`,
    where: 'input',
    hint: "padding: 'same' or 'causal' fills up what is missing.",
  });
}

/** The steps added in front and behind. */
export function windowPadding(length: number, windows: TimeWindows): readonly [number, number] {
  const span = (windows.size - 1) * windows.dilation + 1;
  if (windows.padding === 'valid') return [0, 0];
  if (windows.padding === 'causal') return [span - 1, 0];
  const missing = Math.max((Math.ceil(length / windows.stride) - 1) * windows.stride + span - length, 0);
  return [Math.floor(missing / 2), Math.ceil(missing / 2)];
}

/** What each tap sees: `size` tensors `[batch, output steps, features]`, of `x` `[batch, time, features]` padded with `fill`. */
export function windowTaps(x: Tensor, windows: TimeWindows, fill: number): Tensor[] {
  const [batch, length, features] = (x as Tensor3D).shape;
  const count = windowCount(length, windows) as number;
  const [front, behind] = windowPadding(length, windows);
  const filled =
    front + behind === 0
      ? x
      : tf.pad(
          x,
          [
            [0, 0],
            [front, behind],
            [0, 0],
          ],
          fill,
        );
  const reach = (count - 1) * windows.stride + 1;
  return Array.from({ length: windows.size }, (_, tap) => {
    const start = tap * windows.dilation;
    if (windows.stride === 1) return tf.slice(filled, [0, start, 0], [batch, count, features]);
    return tf.stridedSlice(filled, [0, start, 0], [batch, start + reach, features], [1, windows.stride, 1]);
  });
}
