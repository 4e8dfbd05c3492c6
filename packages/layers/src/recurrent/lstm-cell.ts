import { splitSeed } from '@cellstate/core';
import {
  type ActivationIdentifier,
  activation as findActivation,
  fusedPath,
  LSTM_GATES,
  lstmSequence,
  lstmStep,
  projectInput,
} from '@cellstate/ops';
import type { Tensor1D } from '@tensorflow/tfjs-core';
import type { Initializer } from '../initializers/initializer.ts';
import { type Cell, type CellOptions, defineCell } from './cell.ts';
import { dropsOut } from './cell-dropout.ts';
import { CELL_OPTIONS, cellConfig, cellParameters, checkCellOptions, type RecurrentCellOptions, resolveCell } from './cell-options.ts';
import { cellPass } from './cell-pass.ts';
import { cellStep } from './cell-step.ts';
import { beginCell, droppedInput, sequenceInputs } from './run-cell.ts';

export interface LstmCellOptions extends RecurrentCellOptions {
  /** Of the gates. Default sigmoid. */
  readonly recurrentActivation?: ActivationIdentifier;
  /** Start with a forget bias of 1, so that memory is kept at first; the rest is by `biasInitializer`. Default true. */
  readonly unitForgetBias?: boolean;
}

/** The keys of `LstmCellOptions`. */
export const LSTM_CELL_OPTIONS: readonly string[] = [
  ...CELL_OPTIONS,
  'recurrentActivation',
  'unitForgetBias',
] satisfies (keyof LstmCellOptions)[];

const GATES = LSTM_GATES.length;

/**
 * The cell of an LSTM (Hochreiter and Schmidhuber, 1997; forget gate of Gers et al., 2000), as in Keras: gates input, forget, candidate,
 * output; state hidden and cell, each `[batch, units]`.
 *
 * Parameters: kernel `[features, 4 · units]`, recurrent_kernel `[units, 4 · units]`, bias `[4 · units]`.
 *
 * @throws CellstateError `INVALID_OPTIONS`, `INVALID_UNITS`, `INVALID_OPTION`, `UNKNOWN_OPTION`, `UNKNOWN_ACTIVATION` and what the other look-ups throw.
 *
 * @example
 * ```ts
 * import { lstmCell, rnn } from '@cellstate/layers';
 *
 * const stack = rnn({ cell: [lstmCell({ units: 8 }), lstmCell({ units: 4 })] });
 * stack.name; // → 'rnn'
 * ```
 */
export function lstmCell(options: LstmCellOptions & CellOptions): Cell {
  checkCellOptions(options, LSTM_CELL_OPTIONS, 'lstmCell');
  const cell = resolveCell(options, 'lstmCell');
  const { units, activation } = cell;
  const recurrentActivation = findActivation(
    options.recurrentActivation === undefined ? 'sigmoid' : options.recurrentActivation,
    'lstmCell, recurrentActivation',
  );
  const unitForgetBias = options.unitForgetBias ?? true;
  const activations = { activation, recurrentActivation };
  const biasInitializer = unitForgetBias ? forgetBias(units, cell.initializers.bias) : cell.initializers.bias;
  return defineCell(
    {
      className: 'LSTMCell',
      stateShapes: [[units], [units]],
      outputState: 0,
      config: () =>
        cellConfig(cell, { activation: { recurrentActivation: recurrentActivation.name }, biasInitializer: { unitForgetBias } }),
      parameters: (inputs) => cellParameters(cell, inputs, { gates: GATES, biasInitializer }),
      begin: (context) => {
        const weights = beginCell(cell, GATES, context);
        const { kernel, recurrentKernel, bias, dropout } = weights;
        const projection = { kernel, bias: bias as Tensor1D | undefined, inputDropout: dropout.input };
        const recurrence = { recurrentKernel, recurrentDropout: dropout.recurrent, ...activations };
        return (x, state) => lstmStep(projectInput(droppedInput(x, weights), projection), state, recurrence);
      },
      sequence: (x, run, context) => {
        const { goBackwards, zeroOutputForMask } = run;
        return lstmSequence(sequenceInputs(x, beginCell(cell, GATES, context), run), { ...activations, goBackwards, zeroOutputForMask });
      },
      arrayStep: (context) => cellStep({ op: 'lstm', units, useBias: cell.useBias, ...activations }, context),
      arrayPass: (context, direction) =>
        cellPass({ op: 'lstm', units, useBias: cell.useBias, drops: dropsOut(cell), ...activations }, context, direction),
      path: () => fusedPath('lstm', activations),
    },
    options,
  );
}

/** The forget gate's part is 1, not the initializer's value plus 1 (Keras). */
function forgetBias(units: number, rest: Initializer): Initializer {
  return (_, seed) => {
    const values = new Float32Array(GATES * units);
    values.set(rest([units], splitSeed(seed, 'input')), 0);
    values.fill(1, units, 2 * units);
    values.set(rest([2 * units], splitSeed(seed, 'candidate and output')), 2 * units);
    return values;
  };
}
