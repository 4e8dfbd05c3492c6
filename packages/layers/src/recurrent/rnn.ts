import type { Layer, LayerOptions, SymbolicTensor } from '../contract.ts';
import { checkLayerOptions } from '../layer.ts';
import { type Cell, checkCell } from './cell.ts';
import { RECURRENT_OPTIONS, type RecurrentOptions, type RecurrentOutput, recurrentLayer } from './recurrent-layer.ts';
import { stackedCells } from './stacked-cells.ts';

export interface RnnOptions extends RecurrentOptions, LayerOptions {
  /** One cell, or several on top of each other. */
  readonly cell: Cell | readonly Cell[];
}

/**
 * A recurrent layer over any cell, `[batch, time, features]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`.
 * Keras' RNN. With `returnState` the state of every cell follows, from the bottom up.
 *
 * @throws CellstateError `INVALID_OPTION` for a cell that is none, `UNKNOWN_OPTION`; `SHAPE_MISMATCH` when applied to no sequence.
 *
 * @example
 * ```ts
 * import { gruCell, input, lstmCell, rnn } from '@cellstate/layers';
 *
 * const layer = rnn({ cell: [lstmCell({ units: 2 }), gruCell({ units: 3 })], returnSequences: true });
 * layer.apply(input({ shape: [4, 2] })).shape; // → [null, 4, 3]
 * ```
 */
export function rnn<const Options extends RnnOptions>(
  options: Options,
): Layer<RecurrentOutput<Options, readonly [SymbolicTensor, ...SymbolicTensor[]]>> {
  checkLayerOptions(options, ['cell', ...RECURRENT_OPTIONS], 'rnn');
  const { cell } = options;
  const cells = Array.isArray(cell) ? (cell as readonly Cell[]) : [cell as Cell];
  for (const each of cells) checkCell(each, 'rnn, cell');
  return recurrentLayer({
    className: 'RNN',
    cell: Array.isArray(cell) ? stackedCells(cells) : (cell as Cell),
    options,
    config: (own) => ({ cell: { className: own.className, config: own.getConfig() } }),
  });
}
