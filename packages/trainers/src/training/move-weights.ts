import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerMemory } from '../optimizers/optimizer-memory.ts';
import type { Parameter } from '../trainable-model.ts';

/** A parameter with its values and its gradient, neither of which is written to. */
export interface MovingParameter {
  readonly parameter: Parameter;
  readonly values: Float32Array;
  readonly gradient: Float32Array;
}

/** One step of the optimizer on typed arrays, a handful of loops instead of ten operations for each parameter; then the constraints. */
export function moveWeights(optimizer: OptimizerMemory, moving: readonly MovingParameter[]): void {
  const steps = moving.map(({ parameter, values, gradient }) => ({ path: parameter.path, values: values.slice(), gradient }));
  optimizer.apply(steps);
  tf.tidy(() => {
    for (const [i, { parameter }] of moving.entries()) {
      const { variable, constraint } = parameter;
      const moved = tf.tensor((steps[i] as (typeof steps)[number]).values, variable.shape);
      variable.assign(constraint ? constraint(moved) : moved);
    }
  });
}
