import { asymmetric } from '../asymmetric.ts';
import { cotangent } from '../cotangent.ts';
import { oracleGradients } from './oracle-gradients.ts';
import { type Equations, type OracleResult, runOracle, type Sizes } from './recurrent-oracle.ts';

/** How a sequence is gone through: everything that does not depend on the kind of cell. */
export interface RecurrentStructure {
  /** `mask with holes, backwards, from a state` */
  readonly name: string;
  /** `[batch, time]`, or null. */
  readonly mask: readonly (readonly number[])[] | null;
  readonly goBackwards: boolean;
  readonly zeroOutputForMask: boolean;
  /** Whether it starts from a given state. */
  readonly state: boolean;
  readonly bias: boolean;
}

/** One recurrent layer over one batch. */
export interface RecurrentProblem extends RecurrentStructure {
  readonly equations: Equations;
  readonly sizes: Sizes;
  /** Rows of the bias: 2 for a GRU with `resetAfter`. Default 1. */
  readonly biasRows?: number;
  /** Default false. */
  readonly inputDropout?: boolean;
  readonly recurrentDropout?: boolean;
}

/** The differentiable arrays of a problem by name; `hidden` and `cell` are the initial state. */
export type RecurrentArrays = Partial<Record<'x' | 'kernel' | 'recurrentKernel' | 'bias' | 'hidden' | 'cell', Float32Array>> & {
  readonly x: Float32Array;
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
};

// For 3 rows of 4 steps.
const MASKS: Readonly<Record<string, RecurrentStructure['mask']>> = {
  'no mask': null,
  'mask with holes': [
    [1, 1, 0, 1],
    [0, 1, 1, 0],
    [1, 0, 0, 1],
  ],
  'masked prefix': [
    [0, 0, 1, 1],
    [0, 1, 1, 1],
    [1, 1, 1, 1],
  ],
  'masked suffix and an empty row': [
    [1, 1, 1, 0],
    [1, 0, 0, 0],
    [0, 0, 0, 0],
  ],
};

const both = [false, true];

/** Every combination of mask, direction, zero output, state and bias, for 3 rows of 4 steps. */
export const RECURRENT_STRUCTURES: readonly RecurrentStructure[] = Object.entries(MASKS).flatMap(([maskName, mask]) =>
  both.flatMap((goBackwards) =>
    (mask === null ? [false] : both).flatMap((zeroOutputForMask) =>
      both.flatMap((state) =>
        both.map((bias) => ({
          name: [
            maskName,
            ...(goBackwards ? ['backwards'] : []),
            ...(zeroOutputForMask ? ['zero output'] : []),
            ...(state ? ['from a state'] : []),
            ...(bias ? [] : ['no bias']),
          ].join(', '),
          mask,
          goBackwards,
          zeroOutputForMask,
          state,
          bias,
        })),
      ),
    ),
  ),
);

/** Inputs and weights of a problem, no two values alike. `first` is the number of the kernel among the weights of a layer. */
export function recurrentArrays({ equations, sizes, state, bias, biasRows = 1 }: RecurrentProblem, first = 0): RecurrentArrays {
  const { batch, time, features, units } = sizes;
  const width = equations.gates * units;
  const weight = (shape: number[], i: number) =>
    asymmetric(shape, 0.1 * (first + i + 1), 0.37 + 0.16 * (first + i)).map((value) => 1.4 * value);
  return {
    x: asymmetric([batch, time, features], 0, 0.9).map((value) => 2 * value),
    kernel: weight([features, width], 0),
    recurrentKernel: weight([units, width], 1),
    ...(bias ? { bias: weight([biasRows, width], 2) } : {}),
    ...(state ? { hidden: asymmetric([batch, units], 1 + first, 0.4) } : {}),
    ...(state && equations.states === 2 ? { cell: asymmetric([batch, units], 2 + first, 0.6) } : {}),
  };
}

/** Dropout factors of a problem: a third of them zero, the others uneven. */
export function dropoutFactors({ equations, sizes }: RecurrentProblem, length: 'features' | 'units'): Float32Array {
  const shape = [equations.gates, sizes.batch, sizes[length]];
  return asymmetric(shape, 0.2, 2.1).map((value, k) => (k % 3 === 1 ? 0 : 1.3 + value));
}

/** The results of a problem, and the gradients of Σ w · y over the outputs picked from them (`cotangent` of each, in order). */
export function solveRecurrent(
  problem: RecurrentProblem,
  arrays: RecurrentArrays,
  pick: (result: OracleResult) => readonly Float64Array[],
): { outputs: readonly Float64Array[]; gradients: Record<keyof RecurrentArrays, Float64Array> } {
  const run = (given: Readonly<Partial<Record<keyof RecurrentArrays, ArrayLike<number>>>>): readonly Float64Array[] => {
    const { x, kernel, recurrentKernel, bias, hidden, cell } = { ...arrays, ...given };
    return pick(
      runOracle(
        problem.equations,
        problem.sizes,
        {
          x,
          kernel,
          recurrentKernel,
          bias,
          ...(hidden === undefined ? {} : { state: cell === undefined ? [hidden] : [hidden, cell] }),
          ...(problem.mask === null ? {} : { mask: problem.mask.flat() }),
          ...(problem.inputDropout ? { inputDropout: dropoutFactors(problem, 'features') } : {}),
          ...(problem.recurrentDropout ? { recurrentDropout: dropoutFactors(problem, 'units') } : {}),
        },
        problem,
      ),
    );
  };
  const outputs = run(arrays);
  const weights = outputs.map((output, i) => cotangent([output.length], i));
  const loss = (results: readonly Float64Array[]) =>
    results.reduce((total, result, i) => total + result.reduce((sum, value, k) => sum + value * (weights[i]?.[k] as number), 0), 0);
  return { outputs, gradients: oracleGradients((given) => loss(run(given)), arrays as Required<RecurrentArrays>) };
}
