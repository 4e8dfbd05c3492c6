import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { useBackend } from '@cellstate/backends';
import { ENGINES, kerasFixtures, kerasModel, type SupportCase, supportTable, withSupportTable } from '@cellstate/testing';
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

/** Arrays of smaller numbers are compared as if their largest were so large: where a gradient is 0, rounding leaves Keras 5e-7. */
const FLOOR = 0.1;

const seen: SupportCase[] = [];

/** The classes of layers that run in a fused kernel, themselves or within. */
function fusedClasses(found: readonly layers.Layer<unknown>[]): string[] {
  return found.flatMap((layer) => {
    const { recurrence, innerCalls = [] } = layer.definition;
    const inner = innerCalls.map((call) => call.layer).concat('layers' in layer ? (layer as Model).layers : []);
    const within = fusedClasses(inner);
    return [...(recurrence?.path() === 'fused' || within.length > 0 ? [layer.className] : []), ...within];
  });
}

describe.each(ENGINES)('on $name', ({ name, backend, options }) => {
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
    expect(expectNoLeak(() => replayLayer(fixture, { layers, seed, floor: FLOOR }))).toEqual([]);
    const model = kerasModel<Model>(fixture, layers);
    seen.push({ engine: name, described: [fixture.layers, fixture.nodes, fixture.row], fused: fusedClasses(model.layers) });
    dispose(model);
  });
});

// `vitest run test/keras-fixtures.test.ts -u` writes it anew.
test('the table in the README is what this run saw', async () => {
  const readme = new URL('../README.md', import.meta.url);
  await expect(withSupportTable(readFileSync(readme, 'utf8'), supportTable(seen))).toMatchFileSnapshot(fileURLToPath(readme));
});
