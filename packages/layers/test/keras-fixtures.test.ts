import { useBackend } from '@cellstate/backends';
import { ENGINES, kerasFixtures, kerasModel } from '@cellstate/testing';
import { expectNoLeak, replayLayer } from '@cellstate/testing/tensors';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as layers from '../src/index.ts';

const { seed, keras, layers: fixtures } = kerasFixtures();

type Model = layers.Model<unknown>;

/** Frees a model, and the models inside it, which hold their own parameters too. */
function dispose(model: Model): void {
  for (const layer of model.layers) if ('dispose' in layer) dispose(layer as Model);
  model.dispose();
}

describe.each(ENGINES)('on $name', ({ backend, options }) => {
  beforeAll(async () => void (await useBackend(backend, options)));
  afterAll(async () => void (await useBackend('cpu')));

  test('is what the recurrent layers with a kernel take', () => {
    const taken = fixtures.flatMap((fixture) => {
      const model = kerasModel<Model>(fixture, layers);
      const paths = model.layers.flatMap(({ className, definition }) =>
        definition.recurrence === undefined ? [] : [`${className}: ${definition.recurrence.path()}`],
      );
      dispose(model);
      return paths;
    });
    const withKernel = ['GRU: fused', 'LSTM: fused', 'RNN: fused', 'SimpleRNN: fused'];
    const without = ['GRU: reference', 'LSTM: reference', 'RNN: reference', 'SimpleRNN: reference'];
    expect([...new Set(taken)].sort()).toEqual([...(options.fused ? withKernel : []), ...without].sort());
  });

  test.each(fixtures.map((fixture) => [fixture.name, fixture] as const))(`%s is as in Keras ${keras}`, (_name, fixture) => {
    expect(expectNoLeak(() => replayLayer(fixture, { layers, seed }))).toEqual([]);
  });
});
