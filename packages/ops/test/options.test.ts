import { type OptionSubject, testOptions } from '@cellstate/testing';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll } from 'vitest';
import * as doors from '../src/index.ts';

type Options = Readonly<Record<string, unknown>>;
type Run = (inputs: doors.SequenceInputs, options: never) => doors.SequenceResult;

beforeAll(() => tf.engine().startScope());
afterAll(() => tf.engine().endScope());

/** Distinct values, some below zero. */
function values(...shape: number[]): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(
    Array.from({ length: size }, (_, i) => 0.7 * Math.sin(1.3 * i + shape.length)),
    shape,
  );
}

/** Two rows of three steps, of which the last is masked, through two units. */
function sequence(run: Run, gates: number, changes: Options): OptionSubject {
  const make = (options: Options) => {
    const inputs: doors.SequenceInputs = {
      x: values(2, 3, 2) as tf.Tensor3D,
      kernel: values(2, 2 * gates) as tf.Tensor2D,
      recurrentKernel: values(2, 2 * gates) as tf.Tensor2D,
      mask: tf.tensor2d([1, 1, 0, 1, 1, 0], [2, 3], 'bool'),
    };
    const { last, outputs, state } = run(inputs, options as never);
    return [last, outputs, ...state].map((tensor) => (tensor ? Array.from(tensor.dataSync()) : null));
  };
  const common = { goBackwards: true, zeroOutputForMask: true, activation: doors.activation('relu') };
  return { make, observe: (options) => JSON.stringify(make(options)), changes: () => ({ ...common, ...changes }) };
}

const FUNCTIONS = Object.entries(doors).flatMap(([name, value]) => (typeof value === 'function' ? [name] : []));
const subjects = {
  lstmSequence: sequence(doors.lstmSequence as Run, 4, { recurrentActivation: doors.activation('relu') }),
  gruSequence: sequence(doors.gruSequence as Run, 3, { recurrentActivation: doors.activation('relu'), resetAfter: false }),
  simpleRnnSequence: sequence(doors.simpleRnnSequence as Run, 1, {}),
};

// What `arraySequence` gives needs an engine: the tests of `@cellstate/backends` change its options.
testOptions(doors, { subjects, without: FUNCTIONS.filter((name) => !(name in subjects)) });
