import { CellstateError } from '@cellstate/core';
import type { ActivationIdentifier } from '@cellstate/ops';
import { activation as findActivation } from '@cellstate/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import { activated } from '../activated.ts';
import { type ArrayPass, type ArrayPassContext, type ArrayValue, addTo, arrayValue } from '../array-pass.ts';
import type { ArrayStep, ArrayStepContext } from '../array-step.ts';
import type { Layer, LayerOptions, TensorSpec } from '../contract.ts';
import { lastAxis } from '../graph/check-shapes.ts';
import { checkLayerOptions, defineLayer } from '../layer.ts';
import { activationSlope, valuesActivation } from '../values-activation.ts';

export interface ActivationLayerOptions extends LayerOptions {
  /** A Keras name in either spelling, or a function that works on each step by itself. null is linear. */
  readonly activation: ActivationIdentifier;
}

/**
 * Applies a function to each value (softmax and its kin: to the last axis): any shape → the same shape. Keras' Activation.
 *
 * `glu` halves the last axis. Passes the mask on.
 *
 * @throws CellstateError `UNKNOWN_ACTIVATION`; `MISSING_OPTION` without `activation`.
 *
 * @example
 * ```ts
 * import { activation, sequential } from '@cellstate/layers';
 *
 * const m = sequential([activation({ activation: 'relu', inputShape: [3] })]);
 * (await m.predict([[-1, 0, 2]])).toNested(); // → [[0, 0, 2]]
 * ```
 */
export function activation(options: ActivationLayerOptions): Layer {
  checkLayerOptions(options, ['activation'], 'activation');
  if (options?.activation === undefined) {
    throw new CellstateError('MISSING_OPTION', 'An activation layer needs to know its function.', {
      expected: "{ activation: 'relu' }",
      received: 'no activation',
      where: 'activation',
    });
  }
  const found = findActivation(options.activation, 'activation, activation');
  const { name } = found;
  return defineLayer(
    {
      className: 'Activation',
      masking: 'pass',
      streaming: 'steps',
      config: () => ({ activation: name }),
      outputs: (inputs) => (name === 'glu' ? inputs.map(halved) : inputs),
      arrayStep: (context) => activationStep(name, context),
      arrayPass: (context) => activationPass(name, context),
      call: ([x]) => activated(found, x as Tensor),
    },
    options,
  );
}

function activationStep(name: string, { inputs }: ArrayStepContext): ArrayStep | null {
  const activate = valuesActivation(name);
  if (activate === null) return null;
  const input = inputs[0] as Float32Array;
  const output = new Float32Array(input.length);
  return {
    output,
    run() {
      output.set(input);
      activate(output);
    },
  };
}

function activationPass(name: string, { inputs }: ArrayPassContext): ArrayPass | null {
  const activate = valuesActivation(name);
  const slope = activationSlope(name);
  if (activate === null || slope === null) return null;
  const [input] = inputs as [ArrayValue];
  const output = arrayValue(input.shape);
  return {
    output,
    forward() {
      output.values.set(input.values);
      activate(output.values);
    },
    backward() {
      slope(output.values, output.gradient);
      addTo(input.gradient, output.gradient);
    },
  };
}

function halved(input: TensorSpec): TensorSpec {
  return { ...input, shape: [...input.shape.slice(0, -1), lastAxis(input) / 2] };
}
