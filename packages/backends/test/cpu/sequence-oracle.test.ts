import '@tensorflow/tfjs-backend-cpu';
import type { SequenceInputs } from '@cellstate/ops';
import {
  asymmetric,
  cotangent,
  dropoutFactors,
  expectClose,
  oracleGradients,
  type RecurrentArrays,
  type RecurrentProblem,
  recurrentArrays,
  runOracle,
} from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, test } from 'vitest';
import { CPU_KERNEL_SETS } from './cpu-kernel-sets.ts';
import { RECURRENT_KINDS, type RecurrentKind } from './recurrent-kinds.ts';

type Arrays = Readonly<Record<string, ArrayLike<number>>>;

const LARGEST = 33;

/** Units of a batch of one row, which stand in lines of eight, four lines at a time. */
const UNITS_OF_ONE_ROW = [4, 7, 8, 9, 16, 24, 31, 32, 33, 40, 64, 65];

/**
 * Problem n of 78. Batch and units take each value from 1 to 33 in the first 33, time and features in the second; the others
 * stay small, and the ways through the sequence vary too. The last 12 are of one row, with more units.
 */
function problemNumber(n: number, { equations, biasRows }: RecurrentKind): RecurrentProblem {
  const size = (factor: number) => ((factor * n) % LARGEST) + 1;
  const sizes =
    n > 2 * LARGEST
      ? { batch: 1, time: 1 + (n % 5), features: 1 + (n % 9), units: UNITS_OF_ONE_ROW[n - 2 * LARGEST - 1] as number }
      : n <= LARGEST
        ? { batch: size(1), time: 1 + (n % 3), features: 1 + (n % 4), units: size(10) }
        : { batch: 1 + (n % 3), time: size(5), features: size(7), units: 1 + (n % 5) };
  const masked = n % 3 !== 0;
  return {
    name: `number ${n}`,
    equations,
    biasRows,
    sizes,
    mask: masked
      ? Array.from({ length: sizes.batch }, (_, b) => Array.from({ length: sizes.time }, (_, t) => ((b * b + 2 * t + n) % 4 === 0 ? 0 : 1)))
      : null,
    goBackwards: n % 2 === 0,
    zeroOutputForMask: n % 4 === 1,
    state: n % 5 !== 0,
    bias: n % 7 !== 0,
    inputDropout: n % 4 >= 2,
    recurrentDropout: n % 6 >= 3,
  };
}

/** The arrays of a problem. Wide layers would saturate, and a SimpleRNN blow up the rounding of its state at every step. */
function arraysOf(problem: RecurrentProblem): RecurrentArrays {
  const arrays = recurrentArrays(problem);
  const scale = Math.min(1, Math.sqrt(3 / problem.sizes.units));
  return { ...arrays, recurrentKernel: arrays.recurrentKernel.map((value) => Math.fround(scale * value)) };
}

function exactOutputs(problem: RecurrentProblem, arrays: Arrays): readonly Float64Array[] {
  const { x, kernel, recurrentKernel, bias, hidden, cell } = arrays as unknown as RecurrentArrays;
  const { outputs, last, state } = runOracle(
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
  );
  return [outputs, last, ...state];
}

/** How the loss Σ w · y changes as each array moves along its own uneven direction. */
function exactSlopes(problem: RecurrentProblem, arrays: Arrays): Readonly<Record<string, Float64Array>> {
  const names = Object.keys(arrays);
  return oracleGradients(
    (distances: Arrays) => {
      const moved = Object.fromEntries(
        names.map((name) => {
          const along = direction(arrays, name);
          const distance = (distances[name] as ArrayLike<number>)[0] as number;
          return [name, Float64Array.from(arrays[name] as ArrayLike<number>, (value, k) => value + distance * (along[k] as number))];
        }),
      );
      return exactOutputs(problem, moved).reduce((total, result, i) => {
        const weights = cotangent([result.length], i);
        return total + result.reduce((sum, value, k) => sum + value * (weights[k] as number), 0);
      }, 0);
    },
    Object.fromEntries(names.map((name) => [name, [0]])),
  );
}

/** The direction an array is moved along. */
function direction(arrays: Arrays, name: string): Float32Array {
  return asymmetric([(arrays[name] as ArrayLike<number>).length], 0.3 + Object.keys(arrays).indexOf(name), 1.7);
}

interface FusedRun {
  readonly outputs: readonly Float32Array[];
  readonly gradients: Readonly<Record<string, Float32Array>>;
}

function fusedRun(kind: RecurrentKind, problem: RecurrentProblem, arrays: RecurrentArrays): FusedRun {
  const { batch, time, features, units } = problem.sizes;
  const width = kind.equations.gates * units;
  const shapes: Record<string, number[]> = {
    x: [batch, time, features],
    kernel: [features, width],
    recurrentKernel: [units, width],
    bias: kind.biasRows === 2 ? [2, width] : [width],
    hidden: [batch, units],
    cell: [batch, units],
  };
  const names = Object.keys(arrays);
  const outputs: Float32Array[] = [];
  const gradients: Record<string, Float32Array> = {};
  tf.tidy(() => {
    const { inputDropout, recurrentDropout, mask, goBackwards, zeroOutputForMask } = problem;
    const constants = {
      ...(mask === null ? {} : { mask: tf.tensor2d(mask.flat(), [batch, time], 'bool') }),
      ...(inputDropout ? { inputDropout: tf.tensor3d(dropoutFactors(problem, 'features'), [width / units, batch, features]) } : {}),
      ...(recurrentDropout ? { recurrentDropout: tf.tensor3d(dropoutFactors(problem, 'units'), [width / units, batch, units]) } : {}),
    };
    const found = tf.grads((...given) => {
      const { hidden, cell, ...inputs } = Object.fromEntries(names.map((name, i) => [name, given[i]]));
      const states = [hidden, cell].filter((tensor) => tensor !== undefined);
      const state = states.length === 0 ? {} : { state: states };
      const result = kind.run({ ...inputs, ...state, ...constants } as unknown as SequenceInputs, { goBackwards, zeroOutputForMask });
      const results = [result.outputs, result.last, ...result.state];
      outputs.push(...results.map((tensor) => tensor.dataSync<'float32'>()));
      return tf.addN(results.map((tensor, i) => tf.sum(tf.mul(tensor, tf.tensor(cotangent([tensor.size], i), tensor.shape)))));
    })(names.map((name) => tf.tensor(arrays[name as keyof RecurrentArrays] as Float32Array, shapes[name])));
    for (const [i, name] of names.entries()) gradients[name] = (found[i] as tf.Tensor).dataSync<'float32'>();
  });
  return { outputs, gradients };
}

interface Exact {
  readonly problem: RecurrentProblem;
  readonly arrays: RecurrentArrays;
  readonly outputs: readonly Float64Array[];
  readonly slopes: Readonly<Record<string, Float64Array>>;
}

const solved = new Map<string, Exact>();

/** The oracle's answers, once for all sets of kernels. */
function exactOf(kind: RecurrentKind, n: number): Exact {
  const key = `${kind.name} ${n}`;
  const known = solved.get(key);
  if (known !== undefined) return known;
  const problem = problemNumber(n, kind);
  const arrays = arraysOf(problem);
  const made = { problem, arrays, outputs: exactOutputs(problem, arrays as Arrays), slopes: exactSlopes(problem, arrays as Arrays) };
  solved.set(key, made);
  return made;
}

describe.each(CPU_KERNEL_SETS)('the fused kernels $set against float64 loops that share no code with them', ({ exactness, register }) => {
  describe.each(RECURRENT_KINDS)('$name', (kind) => {
    test.each(Array.from({ length: 2 * LARGEST + UNITS_OF_ONE_ROW.length }, (_, i) => i + 1))(
      'sizes from 1 to 33, or one row, number %i: outputs, states and all gradients',
      async (n) => {
        await register();
        const { problem, arrays, outputs: expected, slopes } = exactOf(kind, n);
        const { outputs, gradients } = expectNoLeak(() => fusedRun(kind, problem, arrays));
        for (const [i, exact] of expected.entries()) {
          expectClose(outputs[i] as Float32Array, exact, { absolute: exactness, relative: 1e-5 });
        }
        for (const [name, [slope]] of Object.entries(slopes)) {
          const along = direction(arrays as Arrays, name);
          const terms = Float64Array.from(gradients[name] as Float32Array, (value, k) => value * (along[k] as number));
          const size = terms.reduce((sum, term) => sum + Math.abs(term), 0);
          expectClose([terms.reduce((sum, term) => sum + term, 0)], [slope as number], { absolute: 1e-6 + 1e-5 * size, relative: 0 });
        }
      },
    );
  });
});
