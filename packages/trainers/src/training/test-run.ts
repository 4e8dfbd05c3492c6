import type { CallbackList } from '../callbacks/callback-list.ts';
import type { BatchPlan } from './batch-plan.ts';
import { breather } from './breather.ts';
import { noBatches } from './no-batches.ts';
import { type RunningLogs, runningLogs } from './running-logs.ts';
import { type TestParts, testStep } from './test-step.ts';

/** Loss and metrics over all batches of a plan, without training. */
export async function testRun(
  parts: TestParts,
  { plan, callbacks, epoch, where }: { plan: BatchPlan; callbacks: CallbackList; epoch: number; where: string },
): Promise<RunningLogs> {
  const { parameters } = parts.model;
  const running = runningLogs();
  const breathe = breather();
  let index = 0;
  await callbacks.call('onTestBegin');
  for await (const batch of plan.batches({ epoch, ordinal: epoch })) {
    await callbacks.call('onTestBatchBegin', index);
    const { sums, objective } = await testStep(parts, batch, { parameters });
    running.add(sums, objective);
    if (callbacks.listens('onTestBatchEnd')) await callbacks.call('onTestBatchEnd', index, running.logs());
    await breathe();
    index++;
  }
  if (running.batches === 0) throw noBatches(epoch, where);
  await callbacks.call('onTestEnd', undefined, running.logs());
  return running;
}
