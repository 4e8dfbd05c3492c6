import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { SequenceInputs } from '../contract.ts';
import { SEQUENCE_CELLS, type SequenceOp } from '../kernel-contract.ts';
import type { SequenceCase } from './sequence-cases.ts';

/**
 * The tensors of a case, new and the caller's. No two numbers are alike: element k of the i-th tensor is
 * 0.8 · sin(1 + i + (0.37 + 0.11 i) k), so that a swapped gate or a transposed kernel cannot pass.
 */
export function caseInputs(op: SequenceOp, { batch, time, features, units, ...given }: SequenceCase): SequenceInputs {
  const { gates, states } = SEQUENCE_CELLS[op];
  const biasShape = op === 'gru' && given.resetAfter !== false ? [2, gates * units] : [gates * units];
  // Wide layers would saturate every gate, and then no gradient says anything.
  const scale = 0.8 / Math.sqrt(units / 3);
  return {
    x: uneven([batch, time, features], 0) as Tensor3D,
    kernel: uneven([features, gates * units], 1) as Tensor2D,
    recurrentKernel: uneven([units, gates * units], 2, scale) as Tensor2D,
    ...(given.bias === false ? {} : { bias: uneven(biasShape, 3) }),
    ...(given.state ? { state: states.map((_, i) => uneven([batch, units], 4 + i) as Tensor2D) } : {}),
    ...(given.mask
      ? {
          mask: tf.tensor2d(
            given.mask.map((row) => [...row]),
            [batch, time],
            'bool',
          ),
        }
      : {}),
    ...(given.inputDropout ? { inputDropout: dropout([gates, batch, features], 6) } : {}),
    ...(given.recurrentDropout ? { recurrentDropout: dropout([gates, batch, units], 7) } : {}),
  };
}

function uneven(shape: number[], i: number, scale = 0.8): tf.Tensor {
  return tf.tensor(
    values(shape, i).map((value) => scale * value),
    shape,
  );
}

/** Zeros and twos, as a rate of a half gives. */
function dropout(shape: [number, number, number], i: number): Tensor3D {
  return tf.tensor3d(
    values(shape, i).map((value) => (value > 0 ? 2 : 0)),
    shape,
  );
}

/** Numbers in (−1, 1), the same on every machine. */
export function values(shape: readonly number[], i: number): Float32Array {
  const length = shape.reduce((product, size) => product * size, 1);
  return Float32Array.from({ length }, (_, k) => Math.sin(1 + i + (0.37 + 0.11 * i) * k));
}
