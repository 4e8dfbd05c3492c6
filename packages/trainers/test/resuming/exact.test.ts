import { useBackend } from '@cellstate/backends';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Callback, createTrainer, type History, type Run, resume, type Trainer } from '../../src/index.ts';
import { memoryStore, storeOf } from '../memory-store.ts';
import { laneTraining, sampleTraining, type Training, windowTraining } from './trainings.ts';

beforeAll(() => useBackend('cpu'));

const trainers: Trainer[] = [];
afterAll(() => {
  for (const trainer of trainers) trainer.dispose();
});

/** Saves after every batch and epoch. */
function saveAlways(store: ReturnType<typeof memoryStore>): Callback {
  let run: Run;
  return {
    setRun(given) {
      run = given;
    },
    onBatchEnd: () => run.save(store),
    onEpochEnd: () => run.save(store),
  };
}

/** Everything that must be the same to the bit. */
function bits(model: ReturnType<Training['model']>, { history, epoch }: History) {
  return { weights: model.getWeights().map(({ data }) => [...new Uint8Array(data.slice().buffer)]), history, epoch };
}

describe.each([
  ['lanes', laneTraining],
  ['samples', sampleTraining],
  ['windows', windowTraining],
])('%s', (_, training) => {
  const store = memoryStore();
  let whole: ReturnType<typeof bits>;
  let half = 0;

  test('resuming from any batch or epoch gives the very same losses and weights', async () => {
    const model = training.model();
    const trainer = createTrainer(model, training.trainer);
    trainers.push(trainer);
    const plain = training.model();
    const never = createTrainer(plain, training.trainer);
    trainers.push(never);
    const options = training.fit();
    whole = bits(model, await trainer.fit(training.data(), { ...options, callbacks: [...options.callbacks, saveAlways(store)] }));
    expect(bits(plain, await never.fit(training.data(), training.fit()))).toEqual(whole);
    expect(store.written.length).toBeGreaterThan(20);
    for (const [i, { bytes }] of store.written.entries()) {
      // Some of every epoch, and the end.
      if (i % 7 !== 4 && i !== store.written.length - 1) continue;
      const other = training.model();
      const resumed = await resume(storeOf(bytes), other);
      trainers.push(resumed);
      if (resumed.interrupted !== null && resumed.interrupted.batch > 0) half++;
      // Options are saved; data and callbacks come again.
      const { callbacks, validationData } = training.fit();
      const history = await resumed.fit(training.data(), { verbose: 0, callbacks, ...(validationData ? { validationData } : {}) });
      expect(bits(other, history), `checkpoint ${i}`).toEqual(whole);
      expect(resumed.interrupted).toBe(null);
      other.dispose();
    }
    expect(half).toBeGreaterThan(2);
    model.dispose();
    plain.dispose();
  });
});
