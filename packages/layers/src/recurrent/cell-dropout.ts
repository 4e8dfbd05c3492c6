import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { dropoutFactors } from '../dropout-factors.ts';
import type { CellContext } from './cell.ts';
import type { ResolvedCell } from './cell-options.ts';

/** The factors of one pass, the same at every step; absent where nothing is dropped. */
export interface CellDropout {
  /** One mask for all gates: `[batch, features]`. */
  readonly shared?: Tensor2D;
  /** One mask for each gate: `[gates, batch, features]`. */
  readonly input?: Tensor3D;
  /** One mask for each gate: `[gates, batch, units]`. */
  readonly recurrent?: Tensor3D;
}

/** Whether a cell may drop anything while training. */
export function dropsOut({ dropout, recurrentDropout }: ResolvedCell): boolean {
  return dropout > 0 || recurrentDropout > 0;
}

/**
 * Draws the dropout of one pass as Keras 3 does: with `recurrentDropout` every gate has masks of its own, else all gates share
 * one mask of the input. A rate of exactly 1 drops nothing in an LSTM or a GRU and everything in a simple recurrent cell.
 */
export function drawDropout(cell: ResolvedCell, gates: number, context: CellContext & { readonly features: number }): CellDropout {
  const { training, batch, features } = context;
  const draws = (rate: number) => training && rate > 0 && (rate < 1 || gates === 1);
  const draw = (key: string, rate: number) => ({ rate, seed: context.seed(cell.seed, key) });
  const perGate = cell.recurrentDropout > 0;
  return {
    ...(draws(cell.dropout) && !perGate ? { shared: dropoutFactors([batch, features], draw('input', cell.dropout)) } : {}),
    ...(draws(cell.dropout) && perGate ? { input: dropoutFactors([gates, batch, features], draw('input', cell.dropout)) } : {}),
    ...(draws(cell.recurrentDropout)
      ? { recurrent: dropoutFactors([gates, batch, cell.units], draw('recurrent', cell.recurrentDropout)) }
      : {}),
  };
}
