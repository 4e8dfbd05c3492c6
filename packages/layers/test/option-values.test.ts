import { CellstateError } from '@cellstate/core';
import { optionValues } from '@cellstate/testing';
import { expect, test } from 'vitest';
import * as layers from '../src/index.ts';

const factories = optionValues().filter(({ factory }) => factory in layers);

/** What only says where a layer stands in a model. */
const PLACES = ['inputShape', 'batchInputShape'];

/** The options a factory knows, by its own words. */
function knownOptions(factory: string): string[] {
  try {
    (layers as unknown as Record<string, (options: object) => unknown>)[factory]({ '?': 1 });
  } catch (error) {
    if (error instanceof CellstateError && error.code === 'UNKNOWN_OPTION')
      return (error.expected ?? '').replace('one of ', '').split(', ');
    throw error;
  }
  throw new Error(`${factory} takes an unknown option.`);
}

test.each(factories.map(({ factory, options }) => [factory, options] as const))(
  'fixtures are to hold every option of %s',
  (factory, options) => {
    expect(Object.keys(options).sort()).toEqual(
      knownOptions(factory)
        .filter((option) => !PLACES.includes(option))
        .sort(),
    );
  },
);

test('fixtures are to hold every layer and cell', () => {
  const makers = Object.entries(layers).flatMap(([name, value]) => (typeof value === 'function' && isLayerFactory(name) ? [name] : []));
  expect(factories.map(({ factory }) => factory).sort()).toEqual(makers.sort());
});

/** Whether an export names `inputShape` or `units` among the options it knows. A lambda is a function, which no fixture can hold. */
function isLayerFactory(name: string): boolean {
  if (name === 'lambda') return false;
  try {
    return knownOptions(name).some((option) => option === 'inputShape' || option === 'units');
  } catch {
    return false;
  }
}
