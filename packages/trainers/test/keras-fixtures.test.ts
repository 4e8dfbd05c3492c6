import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@cellstate/backends';
import { ndarray } from '@cellstate/core';
import * as layers from '@cellstate/layers';
import {
  ENGINES,
  kerasFixtures,
  replayCallback,
  replayTraining,
  type SupportCase,
  supportTable,
  withSupportTable,
} from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as trainers from '../src/index.ts';

const { seed, keras, training, callbacks } = kerasFixtures();
const packages = { layers, trainers, ndarray };

/** Arrays of smaller numbers are compared as if their largest were so large: where a gradient is 0, rounding leaves Keras 5e-7. */
const FLOOR = 0.1;

const seen: SupportCase[] = [];

describe.each(ENGINES)('on $name', ({ name, backend, options }) => {
  beforeAll(async () => void (await useBackend(backend, options)));
  afterAll(async () => void (await useBackend('cpu')));

  test.each(training.map((fixture) => [fixture.name, fixture] as const))(`%s: as in Keras ${keras}`, async (_name, fixture) => {
    expect(await expectNoLeak(() => replayTraining(fixture, { ...packages, seed, floor: FLOOR }))).toEqual([]);
    const { optimizer, loss, metrics, weightedMetrics, lossWeights, sampleWeight, fit } = fixture;
    const given = { metrics, weightedMetrics, lossWeights, sampleWeight, ...fit };
    const taken = Object.entries(given).flatMap(([type, value]) => (value === undefined ? [] : [{ type }]));
    const losses = [loss].flat().map((one) => (typeof one === 'string' ? { type: one } : one));
    seen.push({ engine: name, described: [optimizer, losses, taken] });
  });
});

// `vitest run test/keras-fixtures.test.ts -u` writes it anew.
test('the table in the README is what this run saw', async () => {
  const readme = new URL('../README.md', import.meta.url);
  await expect(withSupportTable(readFileSync(readme, 'utf8'), supportTable(seen))).toMatchFileSnapshot(fileURLToPath(readme));
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
