import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  asymmetric,
  type Equations,
  expectClose,
  gruOracle,
  lstmOracle,
  mergeOracle,
  type OracleInputs,
  type OracleOptions,
  runOracle,
  type Sizes,
  simpleRnnOracle,
} from '../../src/index.ts';

const { vectors } = JSON.parse(readFileSync(new URL('./fixtures/keras-recurrent.json', import.meta.url), 'utf8')) as {
  vectors: Record<string, number[][]>;
};

const x = asymmetric([2, 4, 2], 0, 0.9).map((value) => 2 * value);
const mask = [1, 1, 0, 1, 0, 1, 1, 0];
const state = [asymmetric([2, 3], 1, 0.4), asymmetric([2, 3], 2, 0.6)];

/** The i-th weights, counted over the whole layer, as the fixture has them. */
const weight = (shape: number[], i: number) => asymmetric(shape, 0.1 * (i + 1), 0.37 + 0.16 * i);

function run(
  equations: Equations,
  units: number,
  more: Partial<OracleInputs & OracleOptions> & { first?: number; biasRows?: number } = {},
) {
  const { first = 0, biasRows = 1, goBackwards = false, zeroOutputForMask = false, ...inputs } = more;
  const sizes: Sizes = { batch: 2, time: 4, features: 2, units };
  const width = equations.gates * units;
  return runOracle(
    equations,
    sizes,
    {
      x,
      kernel: weight([2, width], first),
      recurrentKernel: weight([units, width], first + 1),
      bias: weight([biasRows, width], first + 2),
      ...inputs,
    },
    { goBackwards, zeroOutputForMask },
  );
}

const lstm = lstmOracle();

test.each([
  ['lstm', run(lstm, 3)],
  ['lstm backwards', run(lstm, 3, { goBackwards: true })],
  ['lstm masked', run(lstm, 3, { mask })],
  ['lstm masked, zero output', run(lstm, 3, { mask, zeroOutputForMask: true })],
  ['lstm backwards, masked', run(lstm, 3, { mask, goBackwards: true })],
  ['lstm from a state', run(lstm, 3, { state })],
  ['lstm from a state, masked', run(lstm, 3, { state, mask })],
  ['gru', run(gruOracle(), 3, { biasRows: 2 })],
  ['gru reset before', run(gruOracle({ resetAfter: false }), 3)],
  ['gru masked', run(gruOracle(), 3, { biasRows: 2, mask })],
  ['simple rnn', run(simpleRnnOracle(), 3)],
])('%s agrees with Keras', (name, { outputs, state }) => {
  const [sequence, ...states] = vectors[name] as number[][];
  expectClose(outputs, sequence as number[], { absolute: 1e-6, relative: 0 });
  for (const [i, values] of states.entries()) expectClose(state[i] as Float64Array, values, { absolute: 1e-6, relative: 0 });
});

test.each([
  ['lstm hard_sigmoid, last', run(lstmOracle('tanh', 'hard_sigmoid'), 3)],
  ['lstm without bias, last', run(lstm, 3, { bias: undefined })],
  ['lstm relu, last', run(lstmOracle('relu'), 3)],
])('%s agrees with Keras', (name, { last }) => {
  expectClose(last, vectors[name]?.[0] as number[], { absolute: 1e-6, relative: 0 });
});

const sizes: Sizes = { batch: 2, time: 4, features: 2, units: 2 };

test.each(['concat', 'sum', 'mul', 'ave'] as const)('bidirectional %s agrees with Keras', (mergeMode) => {
  const merged = mergeOracle(run(lstm, 2), run(lstm, 2, { first: 3, goBackwards: true }), sizes, { mergeMode, returnSequences: true });
  expectClose(merged, vectors[`bidirectional ${mergeMode}`]?.[0] as number[], { absolute: 1e-6, relative: 0 });
});

test.each([
  { name: 'bidirectional masked', returnSequences: true },
  { name: 'bidirectional last, masked', returnSequences: false },
])('$name agrees with Keras', ({ name, returnSequences }) => {
  const options = { mask, zeroOutputForMask: returnSequences };
  const merged = mergeOracle(run(lstm, 2, options), run(lstm, 2, { ...options, first: 3, goBackwards: true }), sizes, {
    mergeMode: 'concat',
    returnSequences,
  });
  expectClose(merged, vectors[name]?.[0] as number[], { absolute: 1e-6, relative: 0 });
});

test('dropout factors multiply what enters each gate: input weights and recurrent weights scaled by hand give the same', () => {
  const factors = [0, 2, 1.25, 0.5, 1.5, 1, 0, 2];
  const scaledRows = (kernel: Float32Array, rows: number) =>
    Float64Array.from(kernel, (value, k) => value * (factors[Math.floor((k % 12) / 3) * rows + Math.floor(k / 12)] as number));
  const one = { batch: 1, time: 3, features: 2, units: 3 };
  const kernel = weight([2, 12], 0);
  const recurrentKernel = weight([3, 12], 1);
  const inputs = { x: x.slice(0, 6), kernel, recurrentKernel };
  const dropped = runOracle(lstm, one, { ...inputs, inputDropout: factors });
  const scaled = runOracle(lstm, one, { ...inputs, kernel: scaledRows(kernel, 2) });
  expectClose(dropped.outputs, scaled.outputs, { absolute: 1e-14 });
  expect(dropped.outputs).not.toEqual(runOracle(lstm, one, inputs).outputs);

  const recurrentFactors = [0, 2, 1.25, 0.5, 1.5, 1, 0, 2, 1, 3, 0.2, 0.9];
  const byGate = Float64Array.from(
    recurrentKernel,
    (value, k) => value * (recurrentFactors[Math.floor((k % 12) / 3) * 3 + Math.floor(k / 12)] as number),
  );
  expectClose(
    runOracle(lstm, one, { ...inputs, recurrentDropout: recurrentFactors }).outputs,
    runOracle(lstm, one, { ...inputs, recurrentKernel: byGate }).outputs,
    { absolute: 1e-14 },
  );
});
