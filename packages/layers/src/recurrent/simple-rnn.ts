import type { Layer, LayerOptions, SymbolicTensor } from '../contract.ts';
import { checkLayerOptions } from '../layer.ts';
import { pick } from './pick.ts';
import { RECURRENT_OPTIONS, type RecurrentOptions, type RecurrentOutput, recurrentLayer } from './recurrent-layer.ts';
import { SIMPLE_RNN_CELL_OPTIONS, type SimpleRnnCellOptions, simpleRnnCell } from './simple-rnn-cell.ts';

/** The options of the cell, and how it goes through time. */
export interface SimpleRnnOptions extends SimpleRnnCellOptions, RecurrentOptions, LayerOptions {}

/**
 * A simple recurrent layer, `[batch, time, features]` → `[batch, units]`, or `[batch, time, units]` with `returnSequences`. Keras' SimpleRNN.
 * With `returnState` it gives `[out, hidden]`. Unlike Keras 3.15, which drops it, an `activityRegularizer` is applied.
 *
 * @throws CellstateError as `simpleRnnCell` does; `SHAPE_MISMATCH` when applied to no sequence.
 *
 * @example
 * ```ts
 * import { sequential, simpleRnn } from '@cellstate/layers';
 *
 * sequential([simpleRnn({ units: 2, inputShape: [null, 3] })]).countParams(); // → 12
 * ```
 */
export function simpleRnn<const Options extends SimpleRnnOptions>(
  options: Options,
): Layer<RecurrentOutput<Options, readonly [out: SymbolicTensor, hidden: SymbolicTensor]>> {
  checkLayerOptions(options, [...SIMPLE_RNN_CELL_OPTIONS, ...RECURRENT_OPTIONS], 'simpleRnn');
  return recurrentLayer({
    className: 'SimpleRNN',
    cell: simpleRnnCell(pick(options, SIMPLE_RNN_CELL_OPTIONS) as SimpleRnnCellOptions),
    options,
    config: (cell) => cell.definition.config(),
  });
}
