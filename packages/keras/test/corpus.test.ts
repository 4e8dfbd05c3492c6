import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type NdArray, ndarray } from '@cellstate/core';
import type { Model } from '@cellstate/layers';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { describe, expect, test } from 'vitest';
import { loadModel, loadWeights, saveModel, saveWeights } from '../src/index.ts';

interface Described {
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** What a model of a version of Keras predicts; tooling/keras-files/write_corpus.py made it. */
interface Note {
  readonly inputs: readonly Described[];
  readonly outputs: readonly Described[];
}

const fixtures = path.join(import.meta.dirname, 'fixtures');
const files = readdirSync(fixtures, { recursive: true }).map(String).sort();
const whole = files.filter((file) => /[.]keras$|[.]h5$/.test(file) && !/weights/.test(file));
const weightsOnly = files.filter((file) => /weights[^/]*[.]h5$/.test(file));

const stem = (file: string) => file.replace(/[.](keras|h5|weights[.]h5|weights-only[.]h5)$/, '');
const note = (file: string): Note => JSON.parse(readFileSync(path.join(fixtures, `${stem(file)}.json`), 'utf8'));

async function predictions(model: Model<unknown>, { inputs }: Note): Promise<NdArray[]> {
  const arrays = inputs.map(({ shape, values }, i) =>
    ndarray(model.inputs[i]?.dtype === 'int32' ? Int32Array.from(values) : Float32Array.from(values), shape),
  );
  const start = model.statefulCalls.length > 0 ? { state: 'zero' as const } : {};
  const predicted = await model.predict(arrays.length === 1 ? (arrays[0] as NdArray) : arrays, start);
  return [predicted].flat() as NdArray[];
}

function expectNoted(predicted: readonly NdArray[], { outputs }: Note): void {
  expect(predicted.map(({ shape }) => [...shape])).toEqual(outputs.map(({ shape }) => shape));
  for (const [index, { values }] of outputs.entries()) {
    // The notes have six decimals.
    for (const [i, value] of values.entries()) expect(Math.abs((predicted[index]?.data[i] as number) - value)).toBeLessThan(1e-5);
  }
}

describe('files of Keras', () => {
  test('come from seven versions', () => {
    expect(new Set(whole.map((file) => path.dirname(file))).size).toBe(7);
    expect(whole.length).toBeGreaterThan(20);
  });

  test.each(whole)('%s predicts as it did there, and as it does when saved by us', (file) =>
    expectNoLeak(async () => {
      const expected = note(file);
      const model = await loadModel<unknown>(path.join(fixtures, file));
      const predicted = await predictions(model, expected);
      expectNoted(predicted, expected);
      if (!file.includes('gates')) {
        const again = await loadModel<unknown>(await saveModel(model));
        expect((await predictions(again, expected)).map(({ data }) => data)).toEqual(predicted.map(({ data }) => data));
        expect(again.compileConfig).toEqual(model.compileConfig);
        again.dispose();
      }
      model.dispose();
    }),
  );

  test.each(weightsOnly)('%s fills a model of the same layers', async (file) => {
    const expected = note(file);
    const source = whole.find((each) => stem(each) === stem(file)) as string;
    const model = await loadModel<unknown>(path.join(fixtures, source));
    const own = model.getWeights().map(({ data }) => data);
    model.setWeights(model.getWeights().map((weight) => ndarray(new Float32Array(weight.data.length), weight.shape)));
    await loadWeights(model, path.join(fixtures, file));
    expectNoted(await predictions(model, expected), expected);
    expect(model.getWeights().map(({ data }) => data)).toEqual(own);
    await loadWeights(model, await saveWeights(model));
    expect(model.getWeights().map(({ data }) => data)).toEqual(own);
    model.dispose();
  });
});
