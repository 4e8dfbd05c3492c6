import { useBackend } from '@cellstate/backends';
import { ENGINES, kerasFixtures } from '@cellstate/testing';
import { expectNoLeak, replayLayer } from '@cellstate/testing/tensors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as layers from '../src/index.ts';

const { seed, keras, layers: fixtures } = kerasFixtures();

describe.each(ENGINES)('on $name', ({ backend, options }) => {
  beforeAll(async () => void (await useBackend(backend, options)));
  afterAll(async () => void (await useBackend('cpu')));

  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(`%s is as in Keras ${keras}`, (_name, fixture) => {
    expect(expectNoLeak(() => replayLayer(fixture, { layers, seed }))).toEqual([]);
  });
});
