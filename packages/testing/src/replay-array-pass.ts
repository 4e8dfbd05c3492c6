import type * as tf from '@tensorflow/tfjs-core';
import { drawn } from './drawn.ts';
import type { LayerFixture } from './keras-fixtures.ts';

interface Values {
  readonly data: ArrayLike<number>;
  readonly shape: readonly number[];
}

interface ArrayValue {
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly gradient: Float32Array;
  readonly mask: { given: boolean; readonly values: Uint8Array } | null;
}

/** `PassPlan` of `@cellstate/layers`, which cannot be imported here. */
export interface ReplayedPass {
  readonly inputs: readonly ArrayValue[];
  readonly outputs: readonly ArrayValue[];
  readonly state: Readonly<
    Record<
      string,
      { readonly before: { given: boolean; readonly arrays: readonly Float32Array[] }; readonly after: readonly Float32Array[] }
    >
  >;
  gradient(parameter: tf.Tensor): Float32Array;
  forward(): void;
  backward(): void;
}

interface Given {
  readonly inputs: readonly tf.Tensor[];
  /** By call path. */
  readonly state: Readonly<Record<string, readonly Values[]>>;
  readonly trained: readonly tf.Variable[];
  readonly seed: number;
}

/** What a pass on plain arrays gave, in the order in which the fixture has it. */
export interface ArrayResults {
  readonly outputs: readonly Values[];
  readonly gradients: readonly Values[];
  readonly inputGradients: readonly Values[];
}

/** Runs a configuration's last call and the gradients of Σ output · cotangent on plain arrays. */
export function replayArrayPass(pass: ReplayedPass, fixture: LayerFixture, { inputs, state, trained, seed }: Given): ArrayResults {
  const names = Object.keys(fixture.inputs);
  for (const [i, { values, mask }] of pass.inputs.entries()) {
    values.set((inputs[i] as tf.Tensor).dataSync());
    const given = fixture.mask?.[names[i] as string];
    if (mask === null) continue;
    mask.given = given !== undefined;
    mask.values.set(given?.flat() ?? []);
  }
  for (const [path, { before }] of Object.entries(pass.state)) {
    before.given = state[path] !== undefined;
    for (const [i, { data }] of (state[path] ?? []).entries()) before.arrays[i]?.set(data);
  }
  pass.forward();
  const outputs = pass.outputs.map(({ values, shape }) => ({ data: values.slice(), shape }));
  for (const [i, { gradient, shape }] of pass.outputs.entries()) {
    const cotangent = drawn({ seed, key: `${fixture.name}/cotangent ${i}`, shape });
    for (let k = 0; k < gradient.length; k++) gradient[k] = (gradient[k] as number) + (cotangent[k] as number);
  }
  pass.backward();
  return {
    outputs,
    gradients: trained.map((variable) => ({ data: pass.gradient(variable).slice(), shape: variable.shape })),
    inputGradients: pass.inputs.map(({ gradient, shape }) => ({ data: gradient.slice(), shape })),
  };
}

/** Whether the fixture's gradients are those of the outputs alone, without penalties. */
export function isPlainPass({ keras: { penalty = 0 } }: LayerFixture): boolean {
  return penalty === 0;
}
