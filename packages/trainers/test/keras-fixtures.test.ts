import { useBackend } from '@cellstate/backends';
import { ndarray } from '@cellstate/core';
import * as layers from '@cellstate/layers';
import { ENGINES, kerasFixtures, replayCallback, replayTraining } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as trainers from '../src/index.ts';

const { seed, keras, training, callbacks } = kerasFixtures();
const packages = { layers, trainers, ndarray };

describe.each(ENGINES)('on $name', ({ backend, options }) => {
  beforeAll(async () => void (await useBackend(backend, options)));
  afterAll(async () => void (await useBackend('cpu')));

  test.each(training.map((fixture) => [fixture.name, fixture] as const))(`%s: as in Keras ${keras}`, async (_name, fixture) => {
    expect(await expectNoLeak(() => replayTraining(fixture, { ...packages, seed }))).toEqual([]);
  });
});

describe('callbacks decide', () => {
  const titled = callbacks.map((fixture) => {
    const { callback, losses, options } = fixture;
    return [`${callback} ${JSON.stringify(options)} on ${losses.join(' ')}`, fixture] as const;
  });
  test.each(titled)('%s', async (_title, fixture) => {
    expect(await replayCallback(fixture, packages)).toEqual([]);
  });
});
