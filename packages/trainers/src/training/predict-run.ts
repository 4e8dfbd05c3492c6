import { concat, type NdArray } from '@cellstate/core';
import type { CallbackList } from '../callbacks/callback-list.ts';
import type { CarriedState } from '../state/carried-state.ts';
import type { TrainableModel } from '../trainable-model.ts';
import type { BatchPlan } from './batch-plan.ts';
import { breather } from './breather.ts';
import { noBatches } from './no-batches.ts';
import { predictStep } from './predict-step.ts';

/** The outputs of all batches of a plan, joined along the rows: one array, or a list for several outputs. */
export async function predictRun(
  parts: { readonly model: TrainableModel; readonly state: CarriedState },
  { plan, callbacks }: { plan: BatchPlan; callbacks: CallbackList },
): Promise<NdArray | NdArray[]> {
  const found: NdArray[][] = [];
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
  const joined = first.map((array, i) => (found.length === 1 ? array : concat(found.map((outputs) => outputs[i] as NdArray))));
  return joined.length === 1 ? (joined[0] as NdArray) : joined;
}
