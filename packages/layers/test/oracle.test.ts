import { registerCpuKernels, unregisterCpuKernels } from '@cellstate/backends/cpu';
import { ndarray } from '@cellstate/core';
import { variableGradients } from '@cellstate/ops';
import {
  cotangent,
  expectClose,
  gruOracle,
  lstmOracle,
  mergeOracle,
  ORACLE_ACTIVATIONS,
  type OracleActivation,
  type OracleResult,
  oracleGradients,
  RECURRENT_STRUCTURES,
  type RecurrentArrays,
  type RecurrentStructure,
  recurrentArrays,
  runOracle,
  simpleRnnOracle,
  solveRecurrent,
} from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bidirectional, functional, gru, input, type Layer, lstm, type Model, type SymbolicTensor, simpleRnn } from '../src/index.ts';

const sizes = { batch: 3, time: 4, features: 2, units: 3 };
const outputsClose = { absolute: 1e-5, relative: 0 };
const gradientsClose = { absolute: 1e-5, relative: 1e-4 };

interface LayerChoices {
  readonly activation?: OracleActivation;
  readonly recurrentActivation?: OracleActivation;
}

interface Kind {
  readonly name: string;
  readonly biasRows: number;
  readonly equations: (choices: LayerChoices) => ReturnType<typeof lstmOracle>;
  readonly layer: (options: object) => Layer<unknown>;
}

const kinds: readonly Kind[] = [
  {
    name: 'lstm',
    biasRows: 1,
    equations: ({ activation, recurrentActivation }) => lstmOracle(activation, recurrentActivation),
    layer: (options) => lstm({ units: sizes.units, ...options }),
  },
  {
    name: 'gru',
    biasRows: 2,
    equations: (choices) => gruOracle(choices),
    layer: (options) => gru({ units: sizes.units, ...options }),
  },
  {
    name: 'gru, reset before',
    biasRows: 1,
    equations: (choices) => gruOracle({ ...choices, resetAfter: false }),
    layer: (options) => gru({ units: sizes.units, resetAfter: false, ...options }),
  },
  {
    name: 'simpleRnn',
    biasRows: 1,
    equations: ({ activation }) => simpleRnnOracle(activation),
    layer: (options) => simpleRnn({ units: sizes.units, ...options }),
  },
];

/** The weights of an oracle's problem in the order of a layer's. */
const weightsOf = ({ kernel, recurrentKernel, bias }: RecurrentArrays): Float32Array[] => [
  kernel,
  recurrentKernel,
  ...(bias === undefined ? [] : [bias]),
];
const stateOf = ({ hidden, cell }: RecurrentArrays): Float32Array[] => [hidden, cell].filter((state) => state !== undefined);

interface Run {
  readonly weights: readonly Float32Array[];
  readonly x: Float32Array;
  readonly states: readonly Float32Array[];
  readonly mask: RecurrentStructure['mask'];
}

/** One pass of a layer: outputs, and the gradients of Σ w · y by every weight, the input and every initial state. */
function runLayer(layer: Layer<unknown>, { weights, x, states, mask }: Run): { outputs: Float32Array[]; gradients: Float32Array[] } {
  const made = build(layer, weights);
  const variable = (values: Float32Array, shape: number[]) => tf.tidy(() => tf.variable(tf.tensor(values, shape)));
  const sequence = variable(x, [sizes.batch, sizes.time, sizes.features]);
  const initial = states.map((state) => variable(state, [sizes.batch, sizes.units]));
  const variables = [...made.parameters.map((parameter) => parameter.variable), sequence, ...initial];
  const outputs: Float32Array[] = [];
  const gradients = tf.tidy(() => {
    const { grads } = variableGradients(() => {
      const result = made.call(sequence, {
        ...(mask === null
          ? {}
          : {
              mask: tf.tensor2d(
                mask.map((row) => [...row]),
                undefined,
                'bool',
              ),
            }),
        ...(states.length === 0 ? {} : { state: stateByCall(made, initial) }),
      });
      const list = result.outputs instanceof tf.Tensor ? [result.outputs] : (Object.values(result.outputs) as tf.Tensor[]);
      outputs.push(...list.map((tensor) => tensor.dataSync<'float32'>()));
      return tf.addN(list.map((tensor, i) => tf.sum(tf.mul(tensor, tf.tensor(cotangent([tensor.size], i), tensor.shape)))));
    }, variables);
    return variables.map(({ name }) => (grads[name] as tf.Tensor).dataSync<'float32'>()) as unknown as tf.Tensor[];
  }) as unknown as Float32Array[];
  made.dispose();
  tf.dispose([sequence, ...initial]);
  return { outputs, gradients };
}

function build(layer: Layer<unknown>, weights: readonly Float32Array[]): Model<unknown> {
  const x = input({ shape: [null, sizes.features] });
  const made = functional({ inputs: x, outputs: layer.apply(x) as SymbolicTensor });
  made.setWeights(made.parameters.map(({ variable }, i) => ndarray(weights[i] as Float32Array, variable.shape)));
  return made as Model<unknown>;
}

function stateByCall(made: Model<unknown>, initial: tf.Tensor[]): Record<string, tf.Tensor[]> {
  const rest = [...initial];
  return Object.fromEntries(made.recurrentCalls.map(({ path, stateShapes }) => [path, rest.splice(0, stateShapes.length)]));
}

function expectAgreement(
  ours: ReturnType<typeof runLayer>,
  expected: { outputs: readonly Float64Array[]; gradients: readonly Float64Array[] },
): void {
  expect(ours.outputs.length).toBe(expected.outputs.length);
  expect(ours.gradients.length).toBe(expected.gradients.length);
  for (const [i, output] of ours.outputs.entries()) expectClose(output, expected.outputs[i] as Float64Array, outputsClose);
  for (const [i, gradient] of ours.gradients.entries()) expectClose(gradient, expected.gradients[i] as Float64Array, gradientsClose);
}

function checkLayer(kind: Kind, structure: RecurrentStructure, choices: LayerChoices & { readonly returnSequences?: boolean } = {}): void {
  const { returnSequences = true, ...activations } = choices;
  const { goBackwards, zeroOutputForMask, bias, mask } = structure;
  const problem = { ...structure, equations: kind.equations(activations), sizes, biasRows: kind.biasRows };
  const arrays = recurrentArrays(problem);
  const { outputs, gradients } = solveRecurrent(problem, arrays, ({ outputs, last, state }) => [
    returnSequences ? outputs : last,
    ...state,
  ]);
  const layer = kind.layer({ ...activations, useBias: bias, goBackwards, zeroOutputForMask, returnSequences, returnState: true });
  const ours = expectNoLeak(() => runLayer(layer, { weights: weightsOf(arrays), x: arrays.x, states: stateOf(arrays), mask }));
  const names = ['kernel', 'recurrentKernel', 'bias', 'x', 'hidden', 'cell'] as const;
  expectAgreement(ours, { outputs, gradients: names.filter((name) => name in arrays).map((name) => gradients[name]) });
}

/** A way through a sequence on which everything matters: holes, backwards, from a state. */
const eventful = RECURRENT_STRUCTURES.find(({ name }) => name === 'mask with holes, backwards, from a state') as RecurrentStructure;

const mergeModes = ['concat', 'sum', 'mul', 'ave'] as const;

/** Bidirectional layers fix the direction and, by `returnSequences`, the zero output. */
const bothWays = RECURRENT_STRUCTURES.filter(({ goBackwards, zeroOutputForMask, bias }) => !goBackwards && !zeroOutputForMask && bias);

function checkBidirectional(
  kind: Kind,
  structure: RecurrentStructure,
  merge: { mergeMode: (typeof mergeModes)[number] | null; returnSequences: boolean },
): void {
  const { mergeMode, returnSequences } = merge;
  const problem = { ...structure, zeroOutputForMask: returnSequences, equations: kind.equations({}), sizes, biasRows: kind.biasRows };
  const ahead = recurrentArrays(problem);
  const { x, ...back } = recurrentArrays(problem, 3);
  const arrays = { ...ahead, ...Object.fromEntries(Object.entries(back).map(([name, values]) => [`backward ${name}`, values])) };
  const run = (given: Readonly<Record<string, ArrayLike<number>>>): readonly Float64Array[] => {
    const half = (prefix: string, goBackwards: boolean): OracleResult => {
      const at = (name: string) => given[`${prefix}${name}`];
      const state = [at('hidden'), at('cell')].filter((values) => values !== undefined);
      return runOracle(
        problem.equations,
        sizes,
        {
          x: given.x as ArrayLike<number>,
          kernel: at('kernel') as ArrayLike<number>,
          recurrentKernel: at('recurrentKernel') as ArrayLike<number>,
          bias: at('bias'),
          ...(state.length === 0 ? {} : { state }),
          ...(structure.mask === null ? {} : { mask: structure.mask.flat() }),
        },
        { goBackwards, zeroOutputForMask: returnSequences },
      );
    };
    const forward = half('', false);
    const backward = half('backward ', true);
    const merged =
      mergeMode === null
        ? mergeApart(forward, backward, returnSequences)
        : [mergeOracle(forward, backward, sizes, { mergeMode, returnSequences })];
    return [...merged, ...forward.state, ...backward.state];
  };
  const outputs = run(arrays);
  const loss = (results: readonly Float64Array[]) =>
    results.reduce((total, result, i) => {
      const weights = cotangent([result.length], i);
      return total + result.reduce((sum, value, k) => sum + value * (weights[k] as number), 0);
    }, 0);
  const gradients = oracleGradients<string>((given) => loss(run(given)), arrays as Record<string, Float32Array>);
  const layer = bidirectional<unknown>({ layer: kind.layer({ returnSequences, returnState: true }), mergeMode });
  const ours = expectNoLeak(() =>
    runLayer(layer, {
      weights: [...weightsOf(ahead), ...weightsOf({ x, ...back } as RecurrentArrays)],
      x,
      states: [...stateOf(ahead), ...stateOf({ x, ...back } as RecurrentArrays)],
      mask: structure.mask,
    }),
  );
  const weightNames = ['kernel', 'recurrentKernel', 'bias'];
  const stateNames = ['hidden', 'cell'];
  const order = [...weightNames, ...weightNames.map(backwardName), 'x', ...stateNames, ...stateNames.map(backwardName)];
  expectAgreement(ours, { outputs, gradients: order.filter((name) => name in arrays).map((name) => gradients[name] as Float64Array) });
}

const backwardName = (name: string) => `backward ${name}`;

/** Both halves of a concatenation: what `mergeMode: null` gives. */
function mergeApart(forward: OracleResult, backward: OracleResult, returnSequences: boolean): Float64Array[] {
  const both = mergeOracle(forward, backward, sizes, { mergeMode: 'concat', returnSequences });
  const half = (first: boolean) => both.filter((_, k) => k % (2 * sizes.units) < sizes.units === first);
  return [half(true), half(false)];
}

/** Every way through a sequence; without bias only where there is no mask, which has nothing to do with it. */
const structures = RECURRENT_STRUCTURES.filter(({ bias, mask }) => bias || mask === null);

/** Every structure concatenated; the other merge modes on the plainest and on an eventful one. */
const merges = bothWays.flatMap((structure) =>
  [...mergeModes, null]
    .filter((mergeMode) => mergeMode === 'concat' || structure.name === 'no mask' || structure.name === 'mask with holes, from a state')
    .flatMap((mergeMode) => [true, false].map((returnSequences) => ({ structure, name: structure.name, mergeMode, returnSequences }))),
);

/** Kinds of layer that take this path where the kernels are as `prepare` leaves them. */
function kindsOn(path: string, prepare: () => void): readonly Kind[] {
  prepare();
  const found = kinds.filter(({ layer }) => layer({}).definition.recurrence?.path() === path);
  unregisterCpuKernels();
  return found;
}

test.each([
  ['reference', unregisterCpuKernels, kinds.map(({ name }) => name)],
  ['fused', registerCpuKernels, kinds.map(({ name }) => name)],
])('the %s path is taken', (path, prepare, expected) => {
  expect(kindsOn(path, prepare).map(({ name }) => name)).toEqual(expected);
});

describe.each([
  { path: 'reference', prepare: unregisterCpuKernels },
  { path: 'fused', prepare: registerCpuKernels },
])('on the $path path of the cpu backend', ({ path, prepare }) => {
  beforeAll(() => void prepare());
  afterAll(unregisterCpuKernels);

  for (const kind of kindsOn(path, prepare)) {
    describe(`${kind.name}, outputs and gradients of every weight, input and state`, () => {
      test.each(structures)('$name', (structure) => checkLayer(kind, structure));

      test.each([RECURRENT_STRUCTURES[0] as RecurrentStructure, eventful])('last output alone, $name', (structure) =>
        checkLayer(kind, structure, { returnSequences: false }),
      );
    });

    describe(`bidirectional ${kind.name}`, () => {
      test.each(merges)('$mergeMode, sequences $returnSequences, $name', ({ structure, ...merge }) =>
        checkBidirectional(kind, structure, merge),
      );
    });
  }
});

describe('every pair of activations', () => {
  const pairs = ORACLE_ACTIVATIONS.flatMap((activation) =>
    ORACLE_ACTIVATIONS.map((recurrentActivation) => ({ activation, recurrentActivation })),
  );
  for (const kind of kinds.filter(({ name }) => name !== 'simpleRnn')) {
    test.each(pairs)(`${kind.name}: $activation and $recurrentActivation`, (choices) => checkLayer(kind, eventful, choices));
  }
  const simple = kinds.at(-1) as Kind;
  test.each(ORACLE_ACTIVATIONS)('simpleRnn: %s', (activation) => checkLayer(simple, eventful, { activation }));
});
