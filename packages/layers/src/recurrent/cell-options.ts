import { CellstateError, checkOptions } from '@cellstate/core';
import { type Activation, type ActivationIdentifier, activation as findActivation } from '@cellstate/ops';
import { checkOptionTypes } from '../check-option-types.ts';
import { getConstraint } from '../constraints.ts';
import type { Config, Constraint, ConstraintSpec, ParameterSpec, Regularizer, RegularizerSpec, TensorSpec } from '../contract.ts';
import { lastAxis } from '../graph/check-shapes.ts';
import { getInitializer, type InitializerSpec } from '../initializers/get-initializer.ts';
import type { Initializer } from '../initializers/initializer.ts';
import { configOf } from '../layer.ts';
import { getRegularizer } from '../regularizers.ts';
import { checkUnits } from '../stateless/dense.ts';

/** The options that LSTM, GRU and simple recurrent cells have in common, with Keras 3's defaults. */
export interface RecurrentCellOptions {
  /** Length of the hidden state and of the output. */
  readonly units: number;
  /** Of the candidate and, in an LSTM, of the output. Default tanh; null is linear. */
  readonly activation?: ActivationIdentifier;
  /** Default true. */
  readonly useBias?: boolean;
  /** Default glorotUniform. */
  readonly kernelInitializer?: InitializerSpec;
  /** Default orthogonal. */
  readonly recurrentInitializer?: InitializerSpec;
  /** Default zeros. */
  readonly biasInitializer?: InitializerSpec;
  /** Default none, as for the other regularizers and constraints. */
  readonly kernelRegularizer?: RegularizerSpec;
  readonly recurrentRegularizer?: RegularizerSpec;
  readonly biasRegularizer?: RegularizerSpec;
  readonly kernelConstraint?: ConstraintSpec;
  readonly recurrentConstraint?: ConstraintSpec;
  readonly biasConstraint?: ConstraintSpec;
  /** Share of the inputs set to zero while training, the same ones at every step of a call. Default 0. */
  readonly dropout?: number;
  /** Share of the hidden state set to zero where it enters the gates, while training. Default 0. Not 0: every gate has masks of its own. */
  readonly recurrentDropout?: number;
  /** A seed of this layer's own, combined with that of the pass, for dropout. Default: the call path. */
  readonly seed?: number | null;
}

/** The keys of `RecurrentCellOptions`. */
export const CELL_OPTIONS = [
  'units',
  'activation',
  'useBias',
  'kernelInitializer',
  'recurrentInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'recurrentRegularizer',
  'biasRegularizer',
  'kernelConstraint',
  'recurrentConstraint',
  'biasConstraint',
  'dropout',
  'recurrentDropout',
  'seed',
] as const;

/** The same, with defaults filled in and names looked up. */
export interface ResolvedCell {
  readonly units: number;
  readonly activation: Activation;
  readonly useBias: boolean;
  readonly initializers: Weights<Initializer>;
  readonly regularizers: Weights<Regularizer | null>;
  readonly constraints: Weights<Constraint | null>;
  readonly dropout: number;
  readonly recurrentDropout: number;
  readonly seed: number | null;
}

interface Weights<T> {
  readonly kernel: T;
  readonly recurrent: T;
  readonly bias: T;
}

/**
 * Throws `UNKNOWN_OPTION` unless every key is one of the cell's or of `CellOptions`, `INVALID_OPTIONS` where there are none,
 * `INVALID_OPTION` for what must be a boolean or a seed and is not.
 *
 * @param where the cell's factory: `lstmCell`.
 */
export function checkCellOptions(options: RecurrentCellOptions | undefined, own: readonly string[], where: string): void {
  if (options === undefined) {
    throw new CellstateError('INVALID_OPTIONS', 'The cell cannot do without options.', {
      expected: '{ units: …, … }',
      received: 'none',
      where,
    });
  }
  checkOptions(options, [...own, 'name', 'trainable'], where);
  checkOptionTypes(options, where);
}

/** Fills in defaults and looks names up. Throws `INVALID_UNITS`, `INVALID_OPTION`, and what the look-ups throw. */
export function resolveCell(options: RecurrentCellOptions, where: string): ResolvedCell {
  const { units, useBias = true, seed = null } = options;
  checkUnits(units, where);
  const place = (option: string) => `${where}, ${option}`;
  return {
    units,
    activation: findActivation(options.activation === undefined ? 'tanh' : options.activation, place('activation')),
    useBias,
    initializers: {
      kernel: getInitializer(options.kernelInitializer ?? 'glorotUniform', place('kernelInitializer')),
      recurrent: getInitializer(options.recurrentInitializer ?? 'orthogonal', place('recurrentInitializer')),
      bias: getInitializer(options.biasInitializer ?? 'zeros', place('biasInitializer')),
    },
    regularizers: {
      kernel: getRegularizer(options.kernelRegularizer, place('kernelRegularizer')),
      recurrent: getRegularizer(options.recurrentRegularizer, place('recurrentRegularizer')),
      bias: getRegularizer(options.biasRegularizer, place('biasRegularizer')),
    },
    constraints: {
      kernel: getConstraint(options.kernelConstraint, place('kernelConstraint')),
      recurrent: getConstraint(options.recurrentConstraint, place('recurrentConstraint')),
      bias: getConstraint(options.biasConstraint, place('biasConstraint')),
    },
    dropout: rate(options.dropout, place('dropout')),
    recurrentDropout: rate(options.recurrentDropout, place('recurrentDropout')),
    seed,
  };
}

/** Kernel, recurrent kernel and bias of a cell with so many gates, in Keras' order. */
export function cellParameters(cell: ResolvedCell, inputs: readonly TensorSpec[], shape: CellShape): readonly ParameterSpec[] {
  const { units, initializers, regularizers, constraints, useBias } = cell;
  const width = shape.gates * units;
  const kind = (name: keyof Weights<unknown>) => ({
    initializer: initializers[name],
    regularizer: regularizers[name],
    constraint: constraints[name],
  });
  const bias = {
    name: 'bias',
    shape: shape.biasShape ?? [width],
    ...kind('bias'),
    initializer: shape.biasInitializer ?? initializers.bias,
  };
  return [
    { name: 'kernel', shape: [lastAxis(inputs[0]), width], ...kind('kernel') },
    { name: 'recurrent_kernel', shape: [units, width], ...kind('recurrent') },
    ...(useBias ? [bias] : []),
  ];
}

export interface CellShape {
  readonly gates: number;
  /** Default `[gates · units]`. */
  readonly biasShape?: readonly number[];
  /** Default the bias initializer. */
  readonly biasInitializer?: Initializer;
}

/** The configuration in Keras' order; options of one kind of cell stand where Keras has them. */
export function cellConfig(
  cell: ResolvedCell,
  own: { readonly [Place in 'activation' | 'biasInitializer' | 'recurrentDropout']?: Config },
): Config {
  const { initializers, regularizers, constraints } = cell;
  return {
    units: cell.units,
    activation: cell.activation.name,
    ...own.activation,
    useBias: cell.useBias,
    kernelInitializer: configOf(initializers.kernel),
    recurrentInitializer: configOf(initializers.recurrent),
    biasInitializer: configOf(initializers.bias),
    ...own.biasInitializer,
    kernelRegularizer: configOf(regularizers.kernel),
    recurrentRegularizer: configOf(regularizers.recurrent),
    biasRegularizer: configOf(regularizers.bias),
    kernelConstraint: configOf(constraints.kernel),
    recurrentConstraint: configOf(constraints.recurrent),
    biasConstraint: configOf(constraints.bias),
    dropout: cell.dropout,
    recurrentDropout: cell.recurrentDropout,
    ...own.recurrentDropout,
    seed: cell.seed,
  };
}

/** As in Keras, a rate is cut to [0, 1]. */
function rate(given: number | undefined, where: string): number {
  if (given === undefined) return 0;
  if (typeof given === 'number' && !Number.isNaN(given)) return Math.min(1, Math.max(0, given));
  throw new CellstateError('INVALID_OPTION', 'A dropout rate must be a number.', {
    expected: 'a number in [0, 1]',
    received: String(given),
    where,
  });
}
