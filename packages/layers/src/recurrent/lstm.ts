import type { Layer, LayerOptions, SymbolicTensor } from '../contract.ts';
import { checkLayerOptions } from '../layer.ts';
import { LSTM_CELL_OPTIONS, type LstmCellOptions, lstmCell } from './lstm-cell.ts';
import { pick } from './pick.ts';
import { RECURRENT_OPTIONS, type RecurrentOptions, type RecurrentOutput, recurrentLayer } from './recurrent-layer.ts';

/** The options of the cell, and how it goes through time. */
export interface LstmOptions extends LstmCellOptions, RecurrentOptions, LayerOptions {}

/**
 * Long short-term memory, `[batch, time, features]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`. Keras' LSTM, with
 * Keras 3's defaults. With `returnState` it gives `[out, hidden, cell]`.
 *
 * Parameters: those of `lstmCell`, with 4 · units · (features + units + 1) numbers.
 *
 * @throws CellstateError as `lstmCell` does; `SHAPE_MISMATCH` when applied to no sequence.
 *
 * @example
 * ```ts
 * import { dense, lstm, sequential } from '@cellstate/layers';
 *
 * const m = sequential([lstm({ units: 4, stateful: true, batchInputShape: [1, 3, 1] }), dense({ units: 1 })]);
 * m.statefulCalls; // → ["lstm#0"]
 * ```
 */
export function lstm<const Options extends LstmOptions>(
  options: Options,
): Layer<RecurrentOutput<Options, readonly [out: SymbolicTensor, hidden: SymbolicTensor, cell: SymbolicTensor]>> {
  checkLayerOptions(options, [...LSTM_CELL_OPTIONS, ...RECURRENT_OPTIONS], 'lstm');
  return recurrentLayer({
    className: 'LSTM',
    cell: lstmCell(pick(options, LSTM_CELL_OPTIONS) as LstmCellOptions),
    options,
    config: (cell) => cell.definition.config(),
  });
}
