import { concat, type NdArray } from '@cellstate/core';
import type { CallbackList } from '../callbacks/callback-list.ts';
import type { CarriedState } from '../state/carried-state.ts';
import type { TrainableModel } from '../trainable-model.ts';
import type { BatchPlan } from './batch-plan.ts';
import { breather } from './breather.ts';
import { noBatches } from './no-batches.ts';
import { type Predicted, predictStep } from './predict-step.ts';

/** The outputs of all batches of a plan, joined along the rows, in the structure the model gives. */
export async function predictRun(
  parts: { readonly model: TrainableModel; readonly state: CarriedState },
  { plan, callbacks }: { plan: BatchPlan; callbacks: CallbackList },
): Promise<NdArray | NdArray[] | Record<string, NdArray>> {
  const found: Predicted[] = [];
  const breathe = breather();
  await callbacks.call('onPredictBegin');
  for await (const batch of plan.batches({ epoch: 0, ordinal: 0 })) {
    const index = found.length;
    await callbacks.call('onPredictBatchBegin', index);
    found.push(await predictStep(parts, batch));
    await callbacks.call('onPredictBatchEnd', index);
    await breathe();
  }
  const first = found[0];
  if (first === undefined) throw noBatches(0, 'predict');
  await callbacks.call('onPredictEnd');
  const joined = first.arrays.map((array, i) => (found.length === 1 ? array : concat(found.map(({ arrays }) => arrays[i] as NdArray))));
  if (first.names === 'one') return joined[0] as NdArray;
  return first.names === 'list' ? joined : Object.fromEntries(first.names.map((name, i) => [name, joined[i] as NdArray]));
}
