import { CellstateError } from '@cellstate/core';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { variableGradients } from '../../src/index.ts';

let a: tf.Variable;
let b: tf.Variable;
beforeAll(() => {
  a = tf.variable(tf.tensor1d([1, 2, 3]));
  b = tf.variable(tf.tensor1d([0.5, -1, 2]), false);
});
afterAll(() => tf.dispose([a, b]));

const dot = () => tf.sum<tf.Scalar>(tf.mul(tf.square(a), b));

/** Runs `run`, expects it to throw and to leave no tensor, and returns what it threw. */
function thrownBy(run: () => unknown): unknown {
  let thrown: unknown;
  expectNoLeak(() => {
    expect(() => {
      try {
        run();
      } catch (error) {
        thrown = error;
        throw error;
      }
    }).toThrow();
  });
  return thrown;
}

describe('variableGradients', () => {
  test('gives the loss and a gradient for each variable listed, trainable or not', () => {
    expectNoLeak(() => {
      const { value, grads } = variableGradients(dot, [a, b]);
      expectClose(value, 14.5);
      expect(Object.keys(grads).sort()).toEqual([a.name, b.name].sort());
      expectClose(grads[a.name] as tf.Tensor, [1, -4, 12]);
      expectClose(grads[b.name] as tf.Tensor, [1, 4, 9]);
      tf.dispose([value, grads]);
    });
  });

  test('has no entry for a variable that the loss does not depend on', () => {
    expectNoLeak(() => {
      const { value, grads } = variableGradients(() => tf.sum(tf.square(a)), [a, b]);
      expect(Object.keys(grads)).toEqual([a.name]);
      tf.dispose([value, grads]);
    });
  });

  test('keeps what goes through keep, and frees everything else made on the way', () => {
    expectNoLeak(() => {
      let state: { hidden: tf.Tensor; list: tf.Tensor[] } | undefined;
      const result = tf.tidy(() => {
        const { value, grads } = variableGradients(
          (keep) => {
            state = keep({ hidden: tf.add(a, 1), list: [tf.mul(b, 2)] });
            tf.exp(a);
            return dot();
          },
          [a],
        );
        return { value, ...grads };
      });
      expectClose(state?.hidden as tf.Tensor, [2, 3, 4]);
      expectClose(state?.list[0] as tf.Tensor, [1, -2, 4]);
      tf.dispose([result, state as tf.TensorContainer]);
    });
  });

  test('works inside another gradient', () => {
    expectNoLeak(() => {
      const outer = variableGradients(() => {
        const inner = variableGradients(dot, [b]);
        return tf.sum<tf.Scalar>(tf.mul(inner.grads[b.name] as tf.Tensor, a));
      }, [a]);
      expectClose(outer.grads[a.name] as tf.Tensor, [3, 12, 27]);
      tf.dispose(outer as unknown as tf.TensorContainer);
    });
  });
});

describe('what throws leaves no tensor behind', () => {
  test('an operation without gradient, by its name', () => {
    const error = thrownBy(() => variableGradients(() => tf.sum(tf.mul(tf.diag(tf.exp(a)), tf.square(b))), [a, b]));
    expect(error).toBeInstanceOf(CellstateError);
    expect((error as Error).message).toMatchInlineSnapshot(`
      "The operation Diag has no gradient. [NO_GRADIENT]
        expected: operations with a gradient on every path from the parameters to the loss
        received: Diag
        where: back-propagation
        hint: Compute it from other operations, or give it one with tf.registerGradient or tf.customGrad from '@tensorflow/tfjs-core'."
    `);
  });

  test('an operation without gradient through tf.grad', () => {
    const x = tf.tensor1d([1, 2]);
    expect(() => tf.tidy(() => tf.grad((x) => tf.sum(tf.diag(x)))(x))).toThrow('The operation Diag has no gradient. [NO_GRADIENT]');
    x.dispose();
  });

  test('a kernel that tfjs does not know', () => {
    tf.registerKernel({
      kernelName: 'Mystery',
      backendName: 'cpu',
      kernelFunc: ({ inputs }) => tf.square(inputs.x as tf.Tensor),
    });
    const mystery = (x: tf.Tensor) => tf.engine().runKernel('Mystery', { x }) as tf.Tensor;
    const error = thrownBy(() => variableGradients(() => tf.sum(mystery(tf.exp(a))), [a]));
    expect(error).toMatchObject({ code: 'NO_GRADIENT', received: 'Mystery' });
    expectNoLeak(() => {
      const irrelevant = variableGradients(() => tf.add(dot(), tf.sum(mystery(b))), [a]);
      tf.dispose(irrelevant as unknown as tf.TensorContainer);
    });
    tf.unregisterKernel('Mystery', 'cpu');
  });

  test('a gradient that throws half-way, with tensors kept', () => {
    const failing = tf.customGrad((x, save) => {
      (save as tf.GradSaveFunc)([x as tf.Tensor]);
      return {
        value: tf.clone(x as tf.Tensor),
        gradFunc: (dy) => {
          tf.exp(dy);
          throw new Error('broken gradient');
        },
      };
    });
    const error = thrownBy(() => variableGradients((keep) => tf.sum(tf.square(failing(keep(tf.exp(a))))), [a, b]));
    expect((error as Error).message).toBe('broken gradient');
  });

  test('a function that throws half-way', () => {
    const error = thrownBy(() =>
      variableGradients(
        (keep) => {
          keep(tf.square(tf.exp(a)));
          throw new Error('broken function');
        },
        [a],
      ),
    );
    expect((error as Error).message).toBe('broken function');
  });

  test('anything but a scalar', async () => {
    const vector = thrownBy(() => variableGradients(() => tf.square(a) as unknown as tf.Scalar, [a]));
    expect((vector as Error).message).toMatchInlineSnapshot(`
      "The function to differentiate must return a scalar. [LOSS_NOT_SCALAR]
        expected: a tensor of shape []
        received: a tensor of shape [3]
        where: variableGradients
        hint: Average or sum the losses of the samples."
    `);
    expect(thrownBy(() => variableGradients(() => 3 as unknown as tf.Scalar, [a]))).toMatchObject({
      code: 'LOSS_NOT_SCALAR',
      received: 'number',
    });
  });

  test('a loss that depends on no variable', () => {
    const error = thrownBy(() => variableGradients(() => tf.scalar(a.dataSync()[0] as number), [a, b]));
    expect((error as Error).message).toMatchInlineSnapshot(`
      "The loss depends on none of the variables. [NO_CONNECTED_VARIABLE]
        expected: a loss computed from at least one variable by differentiable operations
        received: 2 variables, none used
        where: variableGradients
        hint: A value read with dataSync or arraySync is a constant to back-propagation."
    `);
    expect(thrownBy(() => variableGradients(dot, []))).toMatchObject({ code: 'NO_CONNECTED_VARIABLE', received: 'no variables' });
  });

  test('and the next gradient is right again', () => {
    thrownBy(() => variableGradients(() => tf.sum(tf.diag(a)), [a]));
    expectNoLeak(() => {
      const { value, grads } = variableGradients(dot, [a]);
      expectClose(grads[a.name] as tf.Tensor, [1, -4, 12]);
      tf.dispose([value, grads]);
    });
  });
});
