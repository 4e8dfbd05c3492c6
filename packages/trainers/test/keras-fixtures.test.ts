import { useBackend } from '@cellstate/backends';
import { type NdArray, ndarray } from '@cellstate/core';
import * as layers from '@cellstate/layers';
import {
  type ArrayDescription,
  type CallbackFixture,
  compare,
  describedArray,
  drawnWeights,
  expectClose,
  kerasFixtures,
  kerasModel,
  type Made,
  type Numbers,
  type TrainingFixture,
} from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { beforeAll, describe, expect, test } from 'vitest';
import * as trainers from '../src/index.ts';
import { scriptedFit } from './scripted-fit.ts';

const fixtures = kerasFixtures();
const { seed } = fixtures;
const BATCH = 4;
const STEPS = 10;
const TOLERANCE = { absolute: 1e-4, relative: 1e-4 };

/** An optimizer, schedule or loss of its description. */
function made<T>({ type, ...options }: Made): T {
  const factory = (trainers as unknown as Record<string, (options: object) => T>)[type];
  const value = (given: unknown) => (typeof given === 'object' && given !== null && 'type' in given ? made(given as Made) : given);
  return factory(Object.fromEntries(Object.entries(options).map(([name, given]) => [name, value(given)])));
}

function arrayOf(description: ArrayDescription, key: string): NdArray {
  const { data, shape } = describedArray(description, { seed, key });
  return ndarray(data, shape);
}

async function run(fixture: TrainingFixture): Promise<{ logs: Record<string, number[]>; weights: NdArray[]; prediction: NdArray[] }> {
  const { name, optimizer, loss, lossWeights, metrics, weightedMetrics, fit } = fixture;
  const stateful = name.includes('stateful');
  const model = kerasModel<layers.Model<unknown>>(fixture, layers, stateful ? BATCH : null);
  model.setWeights(drawnWeights(model.parameters, { seed, name }).map(({ data, shape }) => ndarray(data, shape)));
  const [[input, description]] = Object.entries(fixture.inputs);
  const x = arrayOf(description, `${name}/input ${input} 0`);
  const y = fixture.targets.map((target, i) => arrayOf(target, `${name}/target ${i}`));
  const weight = fixture.sampleWeight === undefined ? undefined : arrayOf(fixture.sampleWeight, `${name}/sample weight`);
  const trainer = trainers.createTrainer(model as trainers.TrainableModel, {
    optimizer: made<trainers.Optimizer>(optimizer),
    loss: typeof loss === 'object' && 'type' in loss ? made<trainers.Loss>(loss) : loss,
    lossWeights,
    metrics,
    weightedMetrics,
  });
  const one = (arrays: NdArray[]) => (arrays.length === 1 ? arrays[0] : arrays);
  const logs: Record<string, number[]> = {};
  if (fit !== undefined) {
    const { history } = await trainer.fit(
      { x, y: one(y), ...(weight === undefined ? {} : { sampleWeight: weight }) },
      { ...fit, shuffle: false, resetStates: 'never', verbose: 0 },
    );
    Object.assign(logs, history);
  } else {
    for (let step = 0; step < STEPS; step++) {
      const rows = (array: NdArray) => array.slice([[BATCH * (step % 2), BATCH * (step % 2) + BATCH]]);
      const found = await trainer.trainOnBatch(rows(x), one(y.map(rows)), weight === undefined ? {} : { sampleWeight: rows(weight) });
      for (const [key, value] of Object.entries(found)) logs[key] = [...(logs[key] ?? []), value];
    }
  }
  const predicted = await model.predict(x.slice([[0, BATCH]]), stateful ? { state: 'zero' } : {});
  const weights = model.getWeights();
  trainer.dispose();
  model.dispose();
  return { logs, weights, prediction: Array.isArray(predicted) ? predicted : [predicted as NdArray] };
}

function agree(received: readonly NdArray[], expected: readonly Numbers[], what: string): void {
  expect(received.length).toBe(expected.length);
  for (const [i, values] of expected.entries()) {
    expectClose(received[i].toNested() as number[], values as number[], TOLERANCE);
    expect(received[i].data.every(Number.isFinite), `${what} ${i}`).toBe(true);
  }
}

describe.each(['fused', 'reference'])('trainings on the %s path', (path) => {
  beforeAll(async () => void (await useBackend('cpu', { fused: path === 'fused' })));

  test.each(fixtures.training.map((fixture) => [fixture.name, fixture] as const))(
    `%s: as in Keras ${fixtures.keras}`,
    async (_name, fixture) => {
      const { logs, weights, prediction } = await expectNoLeak(() => run(fixture));
      expect(Object.keys(logs).sort()).toEqual(Object.keys(fixture.keras.logs).sort());
      for (const [key, values] of Object.entries(fixture.keras.logs)) {
        const { close, report } = compare(logs[key], values, TOLERANCE);
        if (!close) expect.fail(`${key}: ${report}`);
      }
      agree(weights, fixture.keras.weights, 'weight');
      agree(prediction, fixture.keras.prediction, 'output');
    },
  );
});

describe('callbacks decide', () => {
  beforeAll(async () => void (await useBackend('cpu')));

  const title = ({ callback, losses, options }: CallbackFixture) => `${callback} ${JSON.stringify(options)} on ${losses.join(' ')}`;
  test.each(fixtures.callbacks.map((fixture) => [title(fixture), fixture] as const))('%s', async (_title, fixture) => {
    const { losses, options } = fixture;
    if (fixture.callback === 'earlyStopping') {
      const callback = trainers.earlyStopping({ monitor: 'loss', ...options });
      const { history, weight } = await scriptedFit(losses, [callback]);
      const stopped = callback.stoppedEpoch !== null;
      expect({ epochs: history.history.loss.length, weight, stopped }).toEqual(fixture.keras);
    } else {
      const rates: number[] = [];
      let control: trainers.Run | undefined;
      const watching: trainers.Callback = {
        setRun(run) {
          control = run;
        },
        onEpochEnd: () => void rates.push(control?.learningRate ?? Number.NaN),
      };
      const { trainer } = await scriptedFit(losses, [trainers.reduceLROnPlateau({ monitor: 'loss', ...options }), watching]);
      expectClose(rates, fixture.keras.rates, { absolute: 0, relative: 1e-6 });
      trainer.dispose();
    }
  });
});
