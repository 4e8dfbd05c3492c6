import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { gruSequence, lstmSequence, type SequenceInputs, simpleRnnSequence } from '../../src/index.ts';

let inputs: SequenceInputs;

beforeEach(() => {
  tf.engine().startScope();
  inputs = { x: tf.ones([2, 5, 3]), kernel: tf.ones([3, 16]), recurrentKernel: tf.ones([4, 16]) };
});

afterEach(() => {
  tf.engine().endScope();
});

describe('wrong inputs of the sequence ops', () => {
  test('the message names the input, its shape, and the right one', () => {
    expect(() => lstmSequence({ ...inputs, kernel: tf.ones([2, 16]) })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An input of the sequence op has the wrong shape. [SHAPE_MISMATCH]
        expected: [3, 16]
        received: [2, 16]
        where: lstmSequence, input kernel]
    `);
    expect(() => lstmSequence({ ...inputs, x: tf.ones([2, 5]) as unknown as tf.Tensor3D })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An input of the sequence op has the wrong shape. [SHAPE_MISMATCH]
        expected: [batch, time, features], at least one step
        received: [2, 5]
        where: lstmSequence, input x]
    `);
    expect(() => lstmSequence({ ...inputs, state: [tf.ones([2, 4])] })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: The state has the wrong number of tensors. [SHAPE_MISMATCH]
        expected: 2
        received: 1
        where: lstmSequence, input state]
    `);
    expect(() => lstmSequence({ ...inputs, x: tf.ones([2, 5, 3], 'int32') })).toThrowErrorMatchingInlineSnapshot(`
      [CellstateError: An input of the sequence op has the wrong type. [DTYPE_MISMATCH]
        expected: float32
        received: int32
        where: lstmSequence, input x
        hint: Convert it with tf.cast(x, 'float32').]
    `);
  });

  test.each<[string, () => Partial<SequenceInputs>]>([
    ['x', () => ({ x: tf.ones([2, 0, 3]) })],
    ['recurrentKernel', () => ({ recurrentKernel: tf.ones([4, 12]) })],
    ['bias', () => ({ bias: tf.ones([2, 16]) })],
    ['mask', () => ({ mask: tf.ones([5, 2]) })],
    ['inputDropout', () => ({ inputDropout: tf.ones([4, 2, 4]) })],
    ['recurrentDropout', () => ({ recurrentDropout: tf.ones([3, 2, 4]) })],
    ['state[1]', () => ({ state: [tf.ones([2, 4]), tf.ones([1, 4])] })],
  ])('%s', (name, change) => {
    expect(() => lstmSequence({ ...inputs, ...change() })).toThrow(`lstmSequence, input ${name}`);
  });

  test('the bias of a gru has two rows only under resetAfter', () => {
    const gru = { ...inputs, kernel: tf.ones([3, 12]), recurrentKernel: tf.ones([4, 12]) } as SequenceInputs;
    expect(() => gruSequence({ ...gru, bias: tf.ones([12]) })).toThrow('[2, 12]');
    expect(() => gruSequence({ ...gru, bias: tf.ones([2, 12]) }, { resetAfter: false })).toThrow('expected: [12]');
    expect(gruSequence({ ...gru, bias: tf.ones([12]) }, { resetAfter: false }).last.shape).toEqual([2, 4]);
  });

  test('an unknown option', () => {
    const simple = { ...inputs, kernel: tf.ones([3, 4]), recurrentKernel: tf.ones([4, 4]) } as SequenceInputs;
    expect(() => lstmSequence(inputs, { goBackward: true } as object)).toThrow("Did you mean 'goBackwards'?");
    expect(() => gruSequence(inputs, { units: 4 } as object)).toThrow('UNKNOWN_OPTION');
    expect(() => simpleRnnSequence(simple, { recurrentActivation: null } as object)).toThrow('UNKNOWN_OPTION');
  });
});
