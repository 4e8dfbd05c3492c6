import { CellstateError } from '@cellstate/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';

/** Bounds of what `renorm` corrects by: the factor lies in [rmin, rmax], the shift in [−dmax, dmax]. Absent: no bound. */
export interface RenormClipping {
  readonly rmin?: number;
  readonly rmax?: number;
  readonly dmax?: number;
}

/** Of a batch, or of many, along the axis that keeps its own; laid over the input. */
export interface Statistics {
  readonly mean: Tensor;
  readonly variance: Tensor;
}

/**
 * By what training multiplies and then shifts what it has normalised, so that it comes as near to inference as `clipping` lets it
 * (Ioffe, 2017). Both are constants: no gradient goes through them.
 *
 * @param moving the statistics that correct.
 */
export function renormCorrection(
  batch: Statistics,
  moving: { readonly mean: Tensor; readonly deviation: Tensor },
  { epsilon, clipping }: { readonly epsilon: number; readonly clipping: RenormClipping | null },
): { readonly r: Tensor; readonly d: Tensor } {
  const { rmin = Number.NEGATIVE_INFINITY, rmax = Number.POSITIVE_INFINITY, dmax = Number.POSITIVE_INFINITY } = clipping ?? {};
  const deviation = tf.maximum(moving.deviation, Math.sqrt(epsilon));
  const factor = tf.div(tf.sqrt(tf.add(constant(batch.variance), epsilon)), deviation);
  const shift = tf.div(tf.sub(constant(batch.mean), moving.mean), deviation);
  return { r: tf.minimum(tf.maximum(factor, rmin), rmax), d: tf.minimum(tf.maximum(shift, -dmax), dmax) };
}

/** The same values, through which no gradient goes. */
function constant(x: Tensor): Tensor {
  return tf.customGrad((values) => ({ value: tf.clone(values as Tensor), gradFunc: (dy) => tf.zerosLike(dy as Tensor) }))(x);
}

/** The clipping as given. Throws `INVALID_OPTION` for other keys, for what is no number, and for bounds that exclude every value. */
export function checkRenormClipping(clipping: RenormClipping | null): RenormClipping | null {
  if (clipping === null) return null;
  const { rmin, rmax, dmax, ...others } = clipping;
  const orderly = (rmin === undefined || rmax === undefined || rmin <= rmax) && (dmax === undefined || dmax >= 0);
  const numbers = [rmin, rmax, dmax].every((bound) => bound === undefined || Number.isFinite(bound));
  if (orderly && numbers && Object.keys(others).length === 0) return clipping;
  throw new CellstateError('INVALID_OPTION', 'The correction cannot be clipped like this.', {
    expected: '{ rmin?, rmax?, dmax? }: numbers, rmin at most rmax, dmax at least 0',
    received: JSON.stringify(clipping),
    where: 'batchNormalization, renormClipping',
  });
}
