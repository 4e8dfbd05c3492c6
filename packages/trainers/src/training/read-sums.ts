import type * as tf from '@tensorflow/tfjs-core';
import { readValues } from '../data/read-tensor.ts';
import type { Objective } from './objective.ts';
import type { BatchSums } from './running-logs.ts';

/** What a pass gave, still in tensors. */
export interface BatchTensors {
  readonly objective: Objective;
  readonly rows: number;
  readonly total: tf.Tensor;
  readonly each: readonly tf.Tensor[];
  readonly measures: readonly (readonly (tf.Tensor | number)[])[];
}

/** Reads the numbers of a batch, all in one go. */
export async function readSums({ rows, total, each, measures }: BatchTensors): Promise<BatchSums> {
  const tensors = [total, ...each, ...measures.flat().filter((sum) => typeof sum !== 'number')];
  const values = await readValues(tensors);
  let next = 1 + each.length;
  return {
    rows,
    loss: values[0]?.[0] as number,
    outputLosses: each.map((_, i) => values[1 + i]?.[0] as number),
    metrics: measures.map((measure) =>
      measure.flatMap((sum) => (typeof sum === 'number' ? [sum] : [...(values[next++] as Iterable<number>)])),
    ),
  };
}
