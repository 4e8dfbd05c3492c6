import type { Activation } from '@cellstate/ops';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LayerResult } from './contract.ts';

/** Those that make probabilities of logits. */
const OF_LOGITS: readonly string[] = ['sigmoid', 'softmax'];

/** A layer's result that an activation gives of these values. */
export function activated({ name, apply }: Activation, values: Tensor): LayerResult {
  if (name === 'linear') return { outputs: [values] };
  const outputs = [apply(values)];
  return OF_LOGITS.includes(name) ? { outputs, logits: [values] } : { outputs };
}
