import {
  type ActivationIdentifier,
  activation as findActivation,
  fusedPath,
  GRU_GATES,
  gruSequence,
  gruStep,
  projectInput,
} from '@cellstate/ops';
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { type Cell, type CellOptions, defineCell } from './cell.ts';
import { dropsOut } from './cell-dropout.ts';
import { CELL_OPTIONS, cellConfig, cellParameters, checkCellOptions, type RecurrentCellOptions, resolveCell } from './cell-options.ts';
import { cellPass } from './cell-pass.ts';
import { cellStep } from './cell-step.ts';
import { beginCell, droppedInput, sequenceInputs } from './run-cell.ts';

export interface GruCellOptions extends RecurrentCellOptions {
  /** Of the gates. Default sigmoid. */
  readonly recurrentActivation?: ActivationIdentifier;
  /** Apply the reset gate after the recurrent product, which then has a bias of its own. Default true, as in Keras 3. */
  readonly resetAfter?: boolean;
}

/** The keys of `GruCellOptions`. */
export const GRU_CELL_OPTIONS: readonly string[] = [
  ...CELL_OPTIONS,
  'recurrentActivation',
  'resetAfter',
] satisfies (keyof GruCellOptions)[];

const GATES = GRU_GATES.length;

/**
 * The cell of a GRU (Cho et al., 2014), as in Keras 3: gates update, reset, candidate; state hidden, `[batch, units]`.
 *
 * Parameters: kernel `[features, 3 · units]`, recurrent_kernel `[units, 3 · units]`, bias `[2, 3 · units]` (input, recurrent), or
 * `[3 · units]` when `resetAfter` is false.
 *
 * @throws CellstateError as `lstmCell` does.
 *
 * @example
 * ```ts
 * import { gruCell, rnn } from '@cellstate/layers';
 *
 * rnn({ cell: gruCell({ units: 4 }), returnSequences: true }).className; // → 'RNN'
 * ```
 */
export function gruCell(options: GruCellOptions & CellOptions): Cell {
  checkCellOptions(options, GRU_CELL_OPTIONS, 'gruCell');
  const cell = resolveCell(options, 'gruCell');
  const { units, activation } = cell;
  const recurrentActivation = findActivation(
    options.recurrentActivation === undefined ? 'sigmoid' : options.recurrentActivation,
    'gruCell, recurrentActivation',
  );
  const resetAfter = options.resetAfter ?? true;
  const kind = { activation, recurrentActivation, resetAfter };
  return defineCell(
    {
      className: 'GRUCell',
      stateShapes: [[units]],
      outputState: 0,
      config: () => cellConfig(cell, { activation: { recurrentActivation: recurrentActivation.name }, recurrentDropout: { resetAfter } }),
      parameters: (inputs) => cellParameters(cell, inputs, { gates: GATES, ...(resetAfter ? { biasShape: [2, GATES * units] } : {}) }),
      begin: (context) => {
        const weights = beginCell(cell, GATES, context);
        const { kernel, recurrentKernel, bias, dropout } = weights;
        const [inputBias, recurrentBias] =
          resetAfter && bias !== undefined ? (tf.unstack(bias as Tensor2D) as Tensor1D[]) : [bias as Tensor1D | undefined];
        const projection = { kernel, bias: inputBias, inputDropout: dropout.input };
        const recurrence = { recurrentKernel, recurrentBias, recurrentDropout: dropout.recurrent, ...kind };
        return (x, state) => gruStep(projectInput(droppedInput(x, weights), projection), state, recurrence);
      },
      sequence: (x, run, context) => {
        const { goBackwards, zeroOutputForMask } = run;
        return gruSequence(sequenceInputs(x, beginCell(cell, GATES, context), run), { ...kind, goBackwards, zeroOutputForMask });
      },
      arrayStep: (context) => cellStep({ op: 'gru', units, useBias: cell.useBias, ...kind }, context),
      arrayPass: (context, direction) =>
        cellPass({ op: 'gru', units, useBias: cell.useBias, drops: dropsOut(cell), ...kind }, context, direction),
      path: () => fusedPath('gru', kind),
    },
    options,
  );
}
