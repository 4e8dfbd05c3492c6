import { readFileSync } from 'node:fs';
import { useBackend } from '@cellstate/backends';
import { expectClose } from '@cellstate/testing';
import { expectNoLeak } from '@cellstate/testing/tensors';
import { afterAll, describe, expect, it } from 'vitest';
import { run as autoencoder } from '../src/autoencoder.ts';
import { run as oneToManyRepeat } from '../src/one-to-many-repeat.ts';
import { run as oneToManyStateLoop } from '../src/one-to-many-state-loop.ts';
import type { PatternRun } from '../src/pattern.ts';
import { run as statefulForecast } from '../src/stateful-forecast.ts';
import { run as statefulLoop } from '../src/stateful-loop.ts';

interface KerasRun {
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
  readonly losses: readonly number[];
  readonly forecast: { readonly shape: readonly number[]; readonly data: readonly number[] };
}

const fixture = JSON.parse(readFileSync(new URL('../fixtures/keras.json', import.meta.url), 'utf8')) as {
  readonly keras: string;
  readonly patterns: Readonly<Record<string, KerasRun>>;
};

const PATTERNS: Readonly<Record<string, () => Promise<PatternRun>>> = {
  'stateful-loop': statefulLoop,
  'one-to-many-repeat': oneToManyRepeat,
  'one-to-many-state-loop': oneToManyStateLoop,
  'stateful-forecast': statefulForecast,
  autoencoder,
};

it('has every pattern of the fixture', () => {
  expect(Object.keys(PATTERNS)).toEqual(Object.keys(fixture.patterns));
});

describe.each(['fused', 'reference'])('on the %s path', (path) => {
  afterAll(async () => {
    await useBackend('cpu');
  });

  it.each(Object.keys(PATTERNS))(`%s gives what Keras ${fixture.keras} gives`, async (name) => {
    await useBackend('cpu', { fused: path === 'fused' });
    const keras = fixture.patterns[name] as KerasRun;
    const run = await expectNoLeak(() => (PATTERNS[name] as () => Promise<PatternRun>)());
    expect(run.inputShape).toEqual(keras.inputShape);
    expect(run.outputShape).toEqual(keras.outputShape);
    expectClose(run.losses, keras.losses, { absolute: 1e-4, relative: 0 });
    expectClose(run.forecast.data, keras.forecast.data, { absolute: 1e-5, relative: 0 });
  });
});
