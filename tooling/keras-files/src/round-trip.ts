import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { useBackend } from '@cellstate/backends';
import { CellstateError, type NdArray, ndarray } from '@cellstate/core';
import { type LoadedModel, loadModel, saveModel } from '@cellstate/keras';
import * as tf from '@tensorflow/tfjs-core';

interface Described {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

interface Case {
  readonly words: readonly string[];
  readonly inputs: readonly Described[];
  readonly outputs: readonly Described[];
}

/** Of the value, and absolute below 1. */
const TOLERANCE = 1e-5;

/**
 * Opens every `*.theirs.keras` of a folder, holds our predictions against Keras', saves the model as `*.ours.keras` and does the same with that.
 * Says how many fit; false when one does not.
 */
export async function roundTrip(folder: string): Promise<boolean> {
  await useBackend('cpu');
  const before = tf.memory().numTensors;
  const files = readdirSync(folder).filter((file) => file.endsWith('.theirs.keras'));
  const faults: string[] = [];
  let worst = 0;
  for (const file of files) {
    const stem = path.join(folder, file.replace('.theirs.keras', ''));
    const read: Case = JSON.parse(readFileSync(`${stem}.json`, 'utf8'));
    try {
      const model = await loadModel<unknown>(`${stem}.theirs.keras`);
      const again = await loadModel<unknown>(await saveModel(model, `${stem}.ours.keras`));
      const differences = [await largestDifference(model, read), await largestDifference(again, read)];
      worst = Math.max(worst, ...differences);
      if (!differences.every((difference) => difference <= TOLERANCE))
        faults.push(`${stem} (${read.words.join(' ')}): differs by ${differences.join(', saved by us by ')}`);
      model.dispose();
      again.dispose();
    } catch (error) {
      if (!(error instanceof CellstateError)) throw error;
      faults.push(`${stem} (${read.words.join(' ')}): ${error.message}`);
    }
  }
  for (const fault of faults) console.log(fault);
  const left = tf.memory().numTensors - before;
  console.log(
    `we loaded ${files.length - faults.length} of ${files.length} files of Keras, and what we saved of them, with equal predictions; largest difference ${worst.toExponential(1)}; ${left} tensors left`,
  );
  return files.length > 0 && faults.length === 0 && left === 0;
}

async function largestDifference(model: LoadedModel<unknown>, { inputs, outputs }: Case): Promise<number> {
  const arrays = inputs.map(({ shape, values }, i) =>
    ndarray(model.inputs[i]?.dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), shape),
  );
  const stateful = model.statefulCalls.length > 0 ? { state: 'zero' as const } : {};
  const predicted = await model.predict(arrays.length === 1 ? (arrays[0] as NdArray) : arrays, stateful);
  const list = (Array.isArray(predicted) ? predicted : [predicted]) as NdArray[];
  let worst = 0;
  for (const [index, { shape, values }] of outputs.entries()) {
    const { data, shape: ours } = list[index] as NdArray;
    if (ours.join() !== shape.join()) return Number.POSITIVE_INFINITY;
    for (const [i, value] of values.entries())
      worst = Math.max(worst, Math.abs((data[i] as number) - value) / Math.max(1, Math.abs(value)));
  }
  return list.length === outputs.length ? worst : Number.POSITIVE_INFINITY;
}
