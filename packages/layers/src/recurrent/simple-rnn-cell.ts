import { fusedPath, projectInput, simpleRnnSequence, simpleRnnStep } from '@cellstate/ops';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import { type Cell, type CellOptions, defineCell } from './cell.ts';
import { dropsOut } from './cell-dropout.ts';
import { CELL_OPTIONS, cellConfig, cellParameters, checkCellOptions, type RecurrentCellOptions, resolveCell } from './cell-options.ts';
import { cellPass } from './cell-pass.ts';
import { cellStep } from './cell-step.ts';
import { beginCell, droppedInput, sequenceInputs } from './run-cell.ts';

/** The cell of a simple recurrent layer has no options but the common ones. */
export type SimpleRnnCellOptions = RecurrentCellOptions;

/** The keys of `SimpleRnnCellOptions`. */
export const SIMPLE_RNN_CELL_OPTIONS: readonly string[] = CELL_OPTIONS;

/**
 * The simple recurrent cell (Elman, 1990), as in Keras: `activation(x · kernel + bias + hidden · recurrent_kernel)`.
 *
 * Parameters: kernel `[features, units]`, recurrent_kernel `[units, units]`, bias `[units]`.
 *
 * @throws CellstateError as `lstmCell` does.
 *
 * @example
 * ```ts
 * import { rnn, simpleRnnCell } from '@cellstate/layers';
 *
 * rnn({ cell: simpleRnnCell({ units: 4 }) }).children[0].part.name; // → 'simple_rnn_cell'
 * ```
 */
export function simpleRnnCell(options: SimpleRnnCellOptions & CellOptions): Cell {
  checkCellOptions(options, SIMPLE_RNN_CELL_OPTIONS, 'simpleRnnCell');
  const cell = resolveCell(options, 'simpleRnnCell');
  const { units, activation } = cell;
  return defineCell(
    {
      className: 'SimpleRNNCell',
      stateShapes: [[units]],
      outputState: 0,
      config: () => cellConfig(cell, {}),
      parameters: (inputs) => cellParameters(cell, inputs, { gates: 1 }),
      begin: (context) => {
        const weights = beginCell(cell, 1, context);
        const { kernel, recurrentKernel, bias, dropout } = weights;
        const projection = { kernel, bias: bias as Tensor1D | undefined, inputDropout: dropout.input };
        const recurrence = { recurrentKernel, recurrentDropout: dropout.recurrent, activation };
        return (x, state) => simpleRnnStep(projectInput(droppedInput(x, weights), projection), state, recurrence);
      },
      sequence: (x, run, context) => {
        const { goBackwards, zeroOutputForMask } = run;
        return simpleRnnSequence(sequenceInputs(x, beginCell(cell, 1, context), run), { activation, goBackwards, zeroOutputForMask });
      },
      arrayStep: (context) => cellStep({ op: 'simpleRnn', units, useBias: cell.useBias, activation }, context),
      arrayPass: (context, direction) =>
        cellPass({ op: 'simpleRnn', units, useBias: cell.useBias, drops: dropsOut(cell), activation }, context, direction),
      path: () => fusedPath('simpleRnn', { activation }),
    },
    options,
  );
}
