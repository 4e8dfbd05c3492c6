import '../register.ts';
import { CellstateError, describe } from '@cellstate/core';
import * as tf from '@tensorflow/tfjs-core';
import { missingGradient } from './missing-gradient.ts';

/** A loss and its gradients; the caller owns all of them. */
export interface VariableGradients {
  /** The loss. */
  readonly value: tf.Scalar;
  /** By the variable's `name`; a variable that the loss does not depend on has no entry. */
  readonly grads: Readonly<Record<string, tf.Tensor>>;
}

/** Keeps tensors beyond the pass, and returns them. */
export type Keep = <T extends tf.TensorContainer>(tensors: T) => T;

/**
 * The gradients of a scalar loss with respect to variables, leaving no tensor behind, also when something throws.
 *
 * Like `tf.variableGrads`, with three differences: gradients are registered in Node too; tensors made in `f` that are to
 * outlive it (outputs, new states) go through its argument `keep`, and belong to the caller afterwards; and where `f` or
 * back-propagation throws, the tensors saved for the backward pass and those kept are freed, which tfjs does not do.
 * Gradients come for every variable listed, whatever its `trainable` says.
 *
 * @param f computes the loss, a scalar, from the variables; everything else it makes is freed.
 * @param variables those to differentiate by.
 * @returns the loss and the gradients, each shaped like its variable.
 * @throws CellstateError `NO_GRADIENT` if the loss depends on a variable through an operation without gradient,
 * `LOSS_NOT_SCALAR` if `f` returns anything but a scalar, `NO_CONNECTED_VARIABLE` if the loss depends on none of the variables.
 *
 * @example
 * ```ts
 * import '@tensorflow/tfjs-backend-cpu';
 * import { variableGradients } from '@cellstate/ops';
 * import * as tf from '@tensorflow/tfjs-core';
 *
 * const weight = tf.variable(tf.scalar(3));
 * const { value, grads } = variableGradients(() => tf.square(weight), [weight]);
 * value.arraySync(); // → 9
 * grads[weight.name]?.arraySync(); // → 6
 * ```
 */
export function variableGradients(f: (keep: Keep) => tf.Scalar, variables: readonly tf.Variable[]): VariableGradients {
  if (variables.length === 0) throw unconnected('no variables');
  const kept: tf.Tensor[] = [];
  const keep: Keep = (tensors) => {
    kept.push(...tf.tensor_util.getTensorsInContainer(tensors).map((tensor) => tf.keep(tensor)));
    return tensors;
  };
  let finished = false;
  try {
    const result = tf.tidy(() => {
      const { value, grads } = tf.engine().gradients(() => recorded(f(keep)), [...variables], undefined, true);
      return { value, grads: named(grads, variables) };
    });
    finished = true;
    return result;
  } finally {
    freeTape();
    if (!finished) tf.dispose(kept);
  }
}

/** The loss, once everything recorded on the way to it has a gradient or names itself when it is asked for one. */
function recorded(loss: tf.Scalar): tf.Scalar {
  checkLoss(loss);
  for (const node of tf.engine().state.activeTape) node.gradient ??= () => missingGradient(node.kernelName).gradFunc([], [], {});
  return loss;
}

function checkLoss(loss: unknown): void {
  if (loss instanceof tf.Tensor && loss.rank === 0) return;
  throw new CellstateError('LOSS_NOT_SCALAR', 'The function to differentiate must return a scalar.', {
    expected: 'a tensor of shape []',
    received: loss instanceof tf.Tensor ? `a tensor of shape ${describe(loss.shape)}` : typeof loss,
    where: 'variableGradients',
    hint: 'Average or sum the losses of the samples.',
  });
}

function named(grads: readonly (tf.Tensor | undefined)[], variables: readonly tf.Variable[]): Record<string, tf.Tensor> {
  const connected = variables.flatMap((variable, i) => (grads[i] ? [[variable.name, grads[i]] as const] : []));
  if (connected.length > 0) return Object.fromEntries(connected);
  throw unconnected(`${variables.length} variables, none used`);
}

function unconnected(received: string): CellstateError {
  return new CellstateError('NO_CONNECTED_VARIABLE', 'The loss depends on none of the variables.', {
    expected: 'a loss computed from at least one variable by differentiable operations',
    received,
    where: 'variableGradients',
    hint: 'A value read with dataSync or arraySync is a constant to back-propagation.',
  });
}

/** Disposes what the engine saved for a backward pass that did not come to its end. */
function freeTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0 || !state.activeTape) return;
  for (const node of state.activeTape) tf.dispose(node.saved ?? []);
  state.activeTape = [];
}
