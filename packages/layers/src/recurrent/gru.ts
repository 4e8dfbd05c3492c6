import type { Layer, LayerOptions, SymbolicTensor } from '../contract.ts';
import { checkLayerOptions } from '../layer.ts';
import { GRU_CELL_OPTIONS, type GruCellOptions, gruCell } from './gru-cell.ts';
import { pick } from './pick.ts';
import { RECURRENT_OPTIONS, type RecurrentOptions, type RecurrentOutput, recurrentLayer } from './recurrent-layer.ts';

/** The options of the cell, and how it goes through time. */
export interface GruOptions extends GruCellOptions, RecurrentOptions, LayerOptions {}

/**
 * Gated recurrent unit, `[batch, time, features]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`. Keras' GRU, with
 * Keras 3's defaults. With `returnState` it gives `[out, hidden]`.
 *
 * @throws CellstateError as `gruCell` does; `SHAPE_MISMATCH` when applied to no sequence.
 *
 * @example
 * ```ts
 * import { gru, sequential } from '@cellstate/layers';
 *
 * sequential([gru({ units: 2, inputShape: [null, 3] })]).countParams(); // → 42
 * ```
 */
export function gru<const Options extends GruOptions>(
  options: Options,
): Layer<RecurrentOutput<Options, readonly [out: SymbolicTensor, hidden: SymbolicTensor]>> {
  checkLayerOptions(options, [...GRU_CELL_OPTIONS, ...RECURRENT_OPTIONS], 'gru');
  return recurrentLayer({
    className: 'GRU',
    cell: gruCell(pick(options, GRU_CELL_OPTIONS) as GruCellOptions),
    options,
    config: (cell) => cell.definition.config(),
  });
}
