import type { SequenceInputs } from '@cellstate/ops';
import type { Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import type { CellContext, SequenceRun } from './cell.ts';
import { type CellDropout, drawDropout } from './cell-dropout.ts';
import type { ResolvedCell } from './cell-options.ts';

/** A cell's parameters and this pass' dropout. */
export interface CellWeights {
  readonly kernel: Tensor2D;
  readonly recurrentKernel: Tensor2D;
  readonly bias: Tensor | undefined;
  readonly dropout: CellDropout;
}

/** Reads the parameters and draws the dropout of one pass. */
export function beginCell(cell: ResolvedCell, gates: number, context: CellContext): CellWeights {
  const kernel = context.parameter('kernel') as Tensor2D;
  return {
    kernel,
    recurrentKernel: context.parameter('recurrent_kernel') as Tensor2D,
    bias: cell.useBias ? context.parameter('bias') : undefined,
    dropout: drawDropout(cell, gates, { ...context, features: kernel.shape[0] }),
  };
}

/** What a sequence op takes for one pass. */
export function sequenceInputs(x: Tensor3D, weights: CellWeights, { state, mask }: SequenceRun): SequenceInputs {
  const { kernel, recurrentKernel, bias, dropout } = weights;
  return {
    x: dropout.shared === undefined ? x : tf.mul(x, tf.expandDims(dropout.shared, 1)),
    kernel,
    recurrentKernel,
    ...(bias === undefined ? {} : { bias }),
    ...(state === null ? {} : { state: state as readonly Tensor2D[] }),
    ...(mask === null ? {} : { mask: mask as Tensor2D }),
    ...(dropout.input === undefined ? {} : { inputDropout: dropout.input }),
    ...(dropout.recurrent === undefined ? {} : { recurrentDropout: dropout.recurrent }),
  };
}

/** The input of one step after the dropout that all gates share. */
export function droppedInput(x: Tensor2D, { dropout }: CellWeights): Tensor2D {
  return dropout.shared === undefined ? x : tf.mul(x, dropout.shared);
}
