import {
  cotangent,
  dropoutFactors,
  expectClose,
  gruOracle,
  lstmOracle,
  RECURRENT_STRUCTURES,
  type RecurrentArrays,
  type RecurrentProblem,
  recurrentArrays,
  simpleRnnOracle,
  solveRecurrent,
} from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { describe, test } from 'vitest';
import { gruSequence, lstmSequence, type SequenceInputs, type SequenceResult, simpleRnnSequence, variableGradients } from '../src/index.ts';

const sizes = { batch: 3, time: 4, features: 2, units: 3 };

const ops = [
  { op: 'lstmSequence', equations: lstmOracle(), biasRows: 1, run: lstmSequence },
  { op: 'gruSequence', equations: gruOracle(), biasRows: 2, run: gruSequence },
  {
    op: 'gruSequence, reset before',
    equations: gruOracle({ resetAfter: false }),
    biasRows: 1,
    run: (inputs: SequenceInputs, options: object) => gruSequence(inputs, { ...options, resetAfter: false }),
  },
  { op: 'simpleRnnSequence', equations: simpleRnnOracle(), biasRows: 1, run: simpleRnnSequence },
];

const structures = RECURRENT_STRUCTURES.filter(({ state, bias }) => state && bias);

function check(problem: RecurrentProblem, run: (inputs: SequenceInputs, options: object) => SequenceResult): void {
  const { equations, goBackwards, zeroOutputForMask } = problem;
  const { batch, time, features, units } = sizes;
  const arrays = recurrentArrays(problem);
  const expected = solveRecurrent(problem, arrays, ({ outputs, last, state }) => [outputs, last, ...state]);
  const width = equations.gates * units;
  const shapes: Record<keyof RecurrentArrays, number[]> = {
    x: [batch, time, features],
    kernel: [features, width],
    recurrentKernel: [units, width],
    bias: problem.biasRows === 2 ? [2, width] : [width],
    hidden: [batch, units],
    cell: [batch, units],
  };
  const names = Object.keys(arrays) as (keyof RecurrentArrays)[];
  const variables = names.map((name) => tf.tidy(() => tf.variable(tf.tensor(arrays[name] as Float32Array, shapes[name]))));
  tf.tidy(() => {
    const results: tf.Tensor[] = [];
    const { grads } = variableGradients((keep) => {
      const { x, kernel, recurrentKernel, bias, hidden, cell } = Object.fromEntries(names.map((name, i) => [name, variables[i]]));
      const state = [hidden, cell].filter((tensor) => tensor !== undefined);
      const {
        outputs,
        last,
        state: after,
      } = run(
        {
          x: x as tf.Tensor3D,
          kernel: kernel as tf.Tensor2D,
          recurrentKernel: recurrentKernel as tf.Tensor2D,
          ...(bias === undefined ? {} : { bias }),
          ...(state.length === 0 ? {} : { state: state as tf.Tensor2D[] }),
          ...(problem.mask === null ? {} : { mask: tf.tensor2d(problem.mask.map((row) => [...row])) }),
          ...(problem.inputDropout
            ? { inputDropout: tf.tensor3d(dropoutFactors(problem, 'features'), [equations.gates, batch, features]) }
            : {}),
          ...(problem.recurrentDropout
            ? { recurrentDropout: tf.tensor3d(dropoutFactors(problem, 'units'), [equations.gates, batch, units]) }
            : {}),
        },
        { goBackwards, zeroOutputForMask },
      );
      results.push(...keep([outputs, last, ...after]));
      return tf.addN(results.map((result, i) => tf.sum(tf.mul(result, tf.tensor(cotangent([result.size], i), result.shape)))));
    }, variables);
    for (const [i, result] of results.entries())
      expectClose(result.dataSync(), expected.outputs[i] as Float64Array, { absolute: 1e-6, relative: 0 });
    for (const [i, name] of names.entries()) {
      expectClose((grads[(variables[i] as tf.Variable).name] as tf.Tensor).dataSync(), expected.gradients[name], {
        absolute: 1e-5,
        relative: 1e-4,
      });
    }
    tf.dispose(results);
  });
  tf.dispose(variables);
}

for (const { op, equations, biasRows, run } of ops) {
  describe(`${op}, outputs and gradients against float64 loops`, () => {
    test.each(structures)('$name', (structure) => {
      expectNoLeak(() => check({ ...structure, equations, sizes, biasRows }, run));
    });

    const withHoles = structures.filter(({ mask }) => mask?.[0]?.join() === '1,1,0,1');
    test.each(
      withHoles.flatMap((structure) => [
        { ...structure, name: `${structure.name}, input dropout`, inputDropout: true },
        { ...structure, name: `${structure.name}, recurrent dropout`, recurrentDropout: true },
        { ...structure, name: `${structure.name}, both dropouts`, inputDropout: true, recurrentDropout: true },
      ]),
    )('$name', (structure) => {
      expectNoLeak(() => check({ ...structure, equations, sizes, biasRows }, run));
    });
  });
}
